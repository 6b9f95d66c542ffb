using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Mlops.Cli;

/// <summary><c>apply</c>: makes what runs what the repository says, model by model, each whole or not at all.</summary>
internal static class ApplyModels
{
    /// <summary>One check a model. Nothing is applied when any file has errors or is not what was planned.</summary>
    public static async Task<CheckReport> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        using HttpClient client = Endpoint.Client(arguments.Operands(1)[0]);
        CheckReport report = new("mlops apply");
        IReadOnlyList<PlanLine>? planned = arguments.Option("plan") is { } path ? await PlanLine.ReadAsync(path, cancellationToken) : null;
        List<(ModelFile File, PlannedModel Plan)> ready = [];
        foreach (ModelFile file in await ModelFile.ReadAllAsync(arguments, cancellationToken))
        {
            (PlannedModel? plan, string errors) = await PlannedModel.AskAsync(client, file, cancellationToken);
            string? failure = plan is null ? errors : planned is null ? null : Deviation(plan, planned);
            if (failure is null)
            {
                ready.Add((file, plan!));
            }
            else
            {
                report.Add(file.Model, "not applied", failure);
            }
        }

        foreach ((ModelFile file, PlannedModel plan) in ready)
        {
            if (report.HasFailed)
            {
                report.Add(file.Model, "not applied: another model could not be", null);
                continue;
            }

            (bool changed, string? failure) = await ApplyAsync(client, file, plan, arguments.Option("source") ?? file.Path, cancellationToken);
            string detail = failure is not null ? "not applied" : changed ? $"applied; {plan.Describe()}" : "in force";
            if (failure is null && changed && plan.Trains && arguments.Switch("retrain"))
            {
                detail += $"\n  {await RetrainAsync(client, plan.Model, cancellationToken)}";
            }

            report.Add(file.Model, detail, failure);
        }

        return report;
    }

    // What was reviewed is what is applied: neither the repository nor the platform may have moved on since.
    private static string? Deviation(PlannedModel now, IReadOnlyList<PlanLine> planned) => planned.FirstOrDefault(line => line.Model == now.Model) switch
    {
        null => "The plan does not name this model. Plan again.",
        { } line when line.Proposed != now.Proposed => "The repository's file is not the one that was planned. Plan again.",
        { } line when line.Base != now.Base && now.Base != now.Proposed => "The file in storage is not the one that was planned against. Plan again.",
        _ => null,
    };

    private static async Task<(bool Changed, string? Failure)> ApplyAsync(HttpClient client, ModelFile file, PlannedModel plan, string source, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, $"api/models/{file.Model}/configuration?source={Uri.EscapeDataString(source)}") { Content = new StringContent(file.Text, Encoding.UTF8, "application/yaml") };
        if (plan.Base is { } present)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{present}\""));
        }
        else
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        }

        using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
        string answer = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return (false, PlannedModel.Problem(answer));
        }

        response.EnsureSuccessStatusCode();
        using JsonDocument document = JsonDocument.Parse(answer);
        return (document.RootElement.GetProperty("changed").GetBoolean(), null);
    }

    private static async Task<string> RetrainAsync(HttpClient client, string model, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.PostAsync($"api/models/{model}/retrain", null, cancellationToken);
        string answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? $"retraining: {response.Headers.Location}" : $"retraining was not started: {PlannedModel.Problem(answer)}";
    }
}
