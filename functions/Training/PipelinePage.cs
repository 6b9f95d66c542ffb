using System.Globalization;
using Mlops.Core.Pages;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>A pipeline as a page: what it decided, its steps and its runs.</summary>
internal static class PipelinePage
{
    public static string Render(PipelineRecord pipeline, string? actor, PipelineResult? outcome, IReadOnlyList<PipelineStep> steps, IReadOnlyList<RunRecord> runs)
    {
        HtmlWriter page = new($"Pipeline {pipeline.Id}");
        string kind = outcome?.Status switch
        {
            "promoted" => "good",
            "failed" or "blocked" => "bad",
            _ => "unsure",
        };
        page.Append($"<p class=\"verdict {kind}\"><b>{outcome?.Status ?? "running"}</b> {outcome?.Reason}</p>\n")
            .Append($"<p>Of <a href=\"/api/models/{pipeline.Model}?format=html\">model {pipeline.Model}</a>; started {pipeline.Created:yyyy-MM-dd HH:mm:ss} UTC by {pipeline.Trigger}");
        if (actor is not null)
        {
            page.Append($", sent by {actor}");
        }

        page.Append($": {pipeline.Source}</p>\n");
        if (outcome?.Status == "blocked")
        {
            page.Append($"<p><a href=\"/api/quarantine/{pipeline.Model}/{pipeline.Id}\">What is wrong with the batch</a></p>\n");
        }

        page.Append($"<h2>Steps</h2>\n").Head("step", "status", "#seconds", "#attempts", "what came out");
        foreach (PipelineStep step in steps)
        {
            page.Append($"<tr><td>{step.Name}</td><td>{step.Status}</td><td class=\"n\">{(step.Ended - step.Started)?.TotalSeconds ?? double.NaN:0.0}</td><td class=\"n\">{step.Attempts}</td><td>{step.Detail}</td></tr>\n");
        }

        page.Append($"</table>\n<h2>Runs</h2>\n").Head("run", "trainer", "settings", "status", "metrics");
        foreach (RunRecord run in runs)
        {
            page.Append($"<tr><td><a href=\"/api/runs/{run.Id}\">{run.Id[..Math.Min(8, run.Id.Length)]}</a></td><td>{run.Trainer}</td><td>{Settings.Of(run.Parameters)}</td><td>{run.Status}</td><td>{run.Error ?? Metrics(run)}</td></tr>\n");
        }

        return page.Append($"</table>\n").Close();
    }

    // A metric with its standard error; the errors have no place of their own.
    private static string Metrics(RunRecord run) => string.Join(", ", run.Metrics
        .Where(metric => !metric.Key.EndsWith(".se", StringComparison.Ordinal))
        .Select(metric => run.Metrics.TryGetValue($"{metric.Key}.se", out double error)
            ? string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {HtmlWriter.Short(metric.Value)} ± {HtmlWriter.Short(error)}")
            : $"{metric.Key} {HtmlWriter.Short(metric.Value)}"));
}
