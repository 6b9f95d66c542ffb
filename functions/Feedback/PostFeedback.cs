using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Feedback;

/// <summary><c>POST /api/models/{name}/feedback</c>: what was true, by prediction id. Labels are joined when they are needed; sending one again replaces it.</summary>
public sealed class PostFeedback(FeedbackStore feedback, RegistryStore registry)
{
    /// <summary>Labels in one request at most.</summary>
    public const int MaximumLabels = 10_000;

    private const string Expected = "expected {\"labels\": [{\"id\": \"the prediction's id\", \"label\": text, number or boolean}, …]}";

    [Function(nameof(PostFeedback))]
    [RequireRole(Role.Predictor)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/feedback")] HttpRequest request,
        string name,
        CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        (JsonDocument? document, problem) = await Api.ReadJsonAsync(request, 4 << 20, cancellationToken);
        if (document is null)
        {
            return problem;
        }

        using (document)
        {
            (IReadOnlyList<(PredictionId, string)> labels, IReadOnlyList<string> problems) = Read(document.RootElement, model);
            if (problems.Count > 0)
            {
                return Api.BadRequest("No label was taken.", problems);
            }

            if (!await registry.ExistsAsync(model.Value, cancellationToken))
            {
                return Api.UnknownModel(model);
            }

            await feedback.WriteAsync(labels, cancellationToken);
            return Api.Json(new { accepted = labels.Count }, StatusCodes.Status202Accepted);
        }
    }

    private static (IReadOnlyList<(PredictionId Id, string Label)> Labels, IReadOnlyList<string> Problems) Read(JsonElement body, ModelName model)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("labels", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaximumLabels)
        {
            return ([], [string.Create(CultureInfo.InvariantCulture, $"labels: {Expected} with 1 to {MaximumLabels} labels.")]);
        }

        List<(PredictionId, string)> labels = [];
        List<string> problems = [];
        int index = -1;
        foreach (JsonElement element in list.EnumerateArray())
        {
            index++;
            if (problems.Count >= 50)
            {
                break;
            }

            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("id", out JsonElement idElement) || idElement.ValueKind != JsonValueKind.String
                || !PredictionId.TryParse(idElement.GetString(), out PredictionId? id))
            {
                problems.Add($"labels[{index}].id: not the id of a prediction; {Expected}.");
            }
            else if (id.Model != model.Value)
            {
                problems.Add($"labels[{index}].id: a prediction of model '{id.Model}'; expected one of '{model}'.");
            }
            else if (!element.TryGetProperty("label", out JsonElement labelElement) || Label(labelElement) is not { Length: > 0 and <= 1_000 } label)
            {
                problems.Add($"labels[{index}].label: expected a text of 1 to 1000 characters, a number or a boolean.");
            }
            else
            {
                labels.Add((id, label));
            }
        }

        return (labels, problems);
    }

    private static string? Label(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
