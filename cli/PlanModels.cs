using System.Text.Json;

namespace Mlops.Cli;

/// <summary><c>plan</c>: what would applying the repository's configurations change?</summary>
internal static class PlanModels
{
    /// <summary>One check a model: a file with errors fails, and with <c>--check</c> every difference.</summary>
    public static async Task<CheckReport> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        using HttpClient client = Endpoint.Client(arguments.Operands(1)[0]);
        CheckReport report = new("mlops plan");
        List<PlanLine> lines = [];
        foreach (ModelFile file in await ModelFile.ReadAllAsync(arguments, cancellationToken))
        {
            (PlannedModel? plan, string errors) = await PlannedModel.AskAsync(client, file, cancellationToken);
            if (plan is null)
            {
                report.Add(file.Model, $"{file.Path} has errors", errors);
                continue;
            }

            lines.Add(new PlanLine(plan.Model, plan.Base, plan.Proposed));
            report.Add(file.Model, plan.Describe(), arguments.Switch("check") && !plan.IsInForce ? "What runs is not what the repository says: 'mlops apply' makes it so." : null);
        }

        if (arguments.Option("out") is { } path && !report.HasFailed)
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(lines, PlanLine.Json), cancellationToken);
        }

        return report;
    }
}
