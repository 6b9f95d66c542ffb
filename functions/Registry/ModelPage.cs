using System.Globalization;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning.Explanation;
using Mlops.Core.Pages;
using Mlops.Core.Registry;
using Mlops.Core.Traffic;
using Mlops.Functions.Evaluation;
using Mlops.Functions.Training;
using Mlops.Storage.Datasets;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Pipelines;

namespace Mlops.Functions.Registry;

/// <summary>A model as a page: who serves and why, how good it is, what it goes by, where it does worst, where it comes from.</summary>
internal static class ModelPage
{
    // Wider confusion matrices are read by programs.
    private const int MaximumConfusion = 20;

    public static string Render(ModelView model)
    {
        HtmlWriter page = new($"Model {model.Name}");
        IReadOnlyList<string> classes = model.Evaluation?.Diagnostics?.Classes ?? [];
        AppendTraffic(page, model);
        if (model.Evaluation is { } evaluation)
        {
            AppendQuality(page, evaluation);
        }

        if (model.Explanation is { } explanation)
        {
            AppendReasons(page, explanation, classes);
            AppendSlices(page, explanation);
        }

        if (model.Evaluation is { Fairness.Count: > 0 } judged)
        {
            AppendFairness(page, judged.Fairness);
        }

        if (model.Search is { } search)
        {
            AppendSearch(page, search);
        }

        AppendVersions(page, model);
        AppendOrigins(page, model.Datasets, model.Pipelines);
        return page.Close();
    }

    private static void AppendTraffic(HtmlWriter page, ModelView model)
    {
        if (model.Traffic is not { } traffic)
        {
            page.Append($"<p class=\"verdict unsure\">No version serves yet.</p>\n");
        }
        else
        {
            page.Append($"<p class=\"verdict\">Version {traffic.Champion} serves");
            if (model.ChampionSince is { } since)
            {
                page.Append($" since {since:yyyy-MM-dd HH:mm} UTC");
            }

            page.Append($". {model.Versions.FirstOrDefault(version => version.Number == traffic.Champion)?.Verdict}</p>\n");
            if (traffic is { Mode: not TrafficMode.Champion, Challenger: { } challenger })
            {
                page.Append($"<p>Version {challenger} is on trial: {(traffic.Mode == TrafficMode.Shadow ? "it answers unseen beside the champion for" : "it answers")} {traffic.ChallengerPercent:0.##} % of the keys.</p>\n");
            }
        }

        if (model.LastDrift is { } drift)
        {
            page.Append($"<p>Last looked at for drift {drift.Time:yyyy-MM-dd HH:mm} UTC, version {drift.Version}: <a href=\"/api/models/{model.Name}/drift/{drift.Id}\">{drift.Summary}</a></p>\n");
        }

        page.Append($"<p><a href=\"/api/models?format=html\">all models</a> · <a href=\"/api/models/{model.Name}/ledger\">ledger</a> · <a href=\"/api/models/{model.Name}/configuration\">configuration</a> · <a href=\"/api/costs?format=html\">costs</a></p>\n");
    }

    private static void AppendQuality(HtmlWriter page, EvaluationReport evaluation)
    {
        page.Append($"<h2>How good it is</h2>\n<p>Measured on {evaluation.Gate.Rows:N0} rows that it was not trained on; decided by {evaluation.Gate.Metric}. The interval holds the true value 95 times in 100.</p>\n");
        Dictionary<string, MetricInterval> intervals = evaluation.Diagnostics?.Intervals.ToDictionary(interval => interval.Metric) ?? [];
        page.Head("metric", "#value", "#interval", evaluation.Champion is { } before ? $"#version {before}, the champion before, on the same rows" : "#champion before");
        foreach ((string metric, double value) in evaluation.Candidate)
        {
            page.Append($"<tr><td>{metric}</td><td class=\"n\">{HtmlWriter.Short(value)}</td><td class=\"n\">");
            if (intervals.GetValueOrDefault(metric) is { } interval)
            {
                page.Append($"{HtmlWriter.Short(interval.Lower)} … {HtmlWriter.Short(interval.Upper)}");
            }

            page.Append($"</td><td class=\"n\">{HtmlWriter.Short(evaluation.ChampionMetrics?.GetValueOrDefault(metric, double.NaN) ?? double.NaN)}</td></tr>\n");
        }

        page.Append($"</table>\n");
        if (evaluation.Diagnostics is { } diagnostics)
        {
            AppendConfusion(page, diagnostics);
            AppendCurves(page, diagnostics);
        }
    }

    private static void AppendConfusion(HtmlWriter page, HoldoutDiagnostics diagnostics)
    {
        int classes = diagnostics.Confusion.Count;
        if (classes is 0 or > MaximumConfusion)
        {
            return;
        }

        page.Append($"<h3>Right and wrong</h3>\n<table><tr><th>true class</th>");
        for (int i = 0; i < classes; i++)
        {
            page.Append($"<th class=\"n\">predicted {Class(diagnostics.Classes, i)}</th>");
        }

        page.Append($"</tr>\n");
        for (int i = 0; i < classes; i++)
        {
            page.Append($"<tr><td>{Class(diagnostics.Classes, i)}</td>");
            for (int j = 0; j < classes; j++)
            {
                page.Append($"<td class=\"{(i == j ? "n right" : "n")}\">{HtmlWriter.Short(diagnostics.Confusion[i][j])}</td>");
            }

            page.Append($"</tr>\n");
        }

        page.Append($"</table>\n");
    }

    private static void AppendCurves(HtmlWriter page, HoldoutDiagnostics diagnostics)
    {
        if (diagnostics.Calibration.Count > 0)
        {
            Charts.Lines(
                page,
                $"Predicted probability of {Class(diagnostics.Classes, 1)}, and its share among the rows",
                [.. diagnostics.Calibration.Select(bin => string.Create(CultureInfo.InvariantCulture, $"{bin.Lower:0.##} … {bin.Upper:0.##}"))],
                diagnostics.Calibration.Count,
                [("predicted", [.. diagnostics.Calibration.Select(bin => bin.Predicted)]), ("true", [.. diagnostics.Calibration.Select(bin => bin.Actual)])]);
        }

        if (diagnostics.Lift.Count > 0)
        {
            int rows = diagnostics.Lift.Sum(part => part.Rows);
            int seen = 0;
            Charts.Bars(
                page,
                $"How many of {Class(diagnostics.Classes, 1)} are found by looking at the highest scores first",
                [.. diagnostics.Lift.Select(part => (string.Create(CultureInfo.InvariantCulture, $"first {(double)(seen += part.Rows) / rows:0%} of the rows"), part.CumulativeGain, string.Create(CultureInfo.InvariantCulture, $"{part.CumulativeGain:0.0%}, lift {part.CumulativeLift:0.00}")))]);
        }
    }

    private static void AppendReasons(HtmlWriter page, ModelExplanation explanation, IReadOnlyList<string> classes)
    {
        page.Append($"<h2>What it goes by</h2>\n<p>How far each column moves the scores on average (SHAP, {explanation.ExplainedRows:N0} rows), and what is lost when it is shuffled.</p>\n");
        Dictionary<string, PermutationEffect> shuffled = explanation.Shuffled.ToDictionary(effect => effect.Feature);
        Charts.Bars(page, "Mean effect on the scores", [.. explanation.Columns.Take(ModelExplanation.MaximumShuffled).Select(column => (column.Column, column.Effect, Note(column, shuffled)))]);
        foreach (ColumnCurve curve in explanation.Curves.Where(curve => curve.Points.Count > 1))
        {
            int scores = curve.Points[0].Predictions.Count;

            // Of two classes one line says both.
            int[] shown = scores == 2 ? [1] : [.. Enumerable.Range(0, Math.Min(scores, Charts.MaximumLines))];
            Charts.Lines(
                page,
                $"Mean prediction as {curve.Column} varies",
                [.. curve.Points.Select(point => point.Value ?? "missing")],
                curve.Points.TakeWhile(point => double.TryParse(point.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)).Count(),
                [.. shown.Select(score => (scores == 1 ? "prediction" : Class(classes, score), (IReadOnlyList<double>)[.. curve.Points.Select(point => point.Predictions[score])]))]);
        }
    }

    private static string Note(ColumnEffect column, Dictionary<string, PermutationEffect> shuffled) =>
        shuffled.TryGetValue(column.Column, out PermutationEffect? effect)
            ? $"{HtmlWriter.Short(column.Effect)}; shuffled {HtmlWriter.Short(effect.Loss)} ± {HtmlWriter.Short(effect.Deviation)}"
            : HtmlWriter.Short(column.Effect);

    private static void AppendSlices(HtmlWriter page, ModelExplanation explanation)
    {
        page.Append($"<h2>Where it does worst</h2>\n");
        if (explanation.Slices.Count == 0)
        {
            page.Append($"<p>No part of {explanation.SlicedRows:N0} rows stands out.</p>\n");
            return;
        }

        page.Head("where", "#rows", "#mean loss there", "#elsewhere", "#p", "stands out after all slices looked at");
        foreach (Slice slice in explanation.Slices)
        {
            page.Append($"<tr class=\"{(slice.Significant ? "drifted" : string.Empty)}\"><td>{slice.Description}</td><td class=\"n\">{slice.Rows:N0}</td><td class=\"n\">{HtmlWriter.Short(slice.Loss)}</td>")
                .Append($"<td class=\"n\">{HtmlWriter.Short(slice.RestLoss)}</td><td class=\"n\">{HtmlWriter.Short(slice.PValue)}</td><td>{(slice.Significant ? "yes" : "no")}</td></tr>\n");
        }

        page.Append($"</table>\n");
    }

    private static void AppendFairness(HtmlWriter page, IReadOnlyDictionary<string, FairnessReport> fairness)
    {
        page.Append($"<h2>How it treats groups</h2>\n");
        foreach ((string column, FairnessReport report) in fairness)
        {
            page.Append($"<h3>{column}</h3>\n<p>Largest difference of true positive rates {HtmlWriter.Short(report.OpportunityDifference)}, of true or false positive rates {HtmlWriter.Short(report.OddsDifference)}, of accuracies {HtmlWriter.Short(report.AccuracyDifference)}.</p>\n")
                .Head("group", "#rows", "#has the class", "#predicted", "#true positive rate", "#false positive rate", "#accuracy");
            foreach (GroupFairness group in report.Groups)
            {
                page.Append($"<tr><td>{group.Group ?? "missing"}</td><td class=\"n\">{group.Rows:N0}</td><td class=\"n\">{group.BaseRate:0.0%}</td><td class=\"n\">{group.SelectionRate:0.0%}</td>")
                    .Append($"<td class=\"n\">{HtmlWriter.Short(group.TruePositiveRate)}</td><td class=\"n\">{HtmlWriter.Short(group.FalsePositiveRate)}</td><td class=\"n\">{group.Accuracy:0.0%}</td></tr>\n");
            }

            page.Append($"</table>\n");
        }
    }

    private static void AppendSearch(HtmlWriter page, SearchReport search)
    {
        page.Append($"<h2>How its settings were found</h2>\n<p><a href=\"/api/runs/{search.Run}\">Every trial</a>, by {search.Metric}.</p>\n").Head("trainer", "#settings tried", "#on all folds", "#best", "with", "what mattered most");
        foreach (SearchReport.Entry entry in search.Searches)
        {
            page.Append($"<tr><td>{entry.Trainer}</td><td class=\"n\">{entry.Tried:N0}</td><td class=\"n\">{entry.Whole:N0}</td><td class=\"n\">{HtmlWriter.Short(entry.Value ?? double.NaN)}</td><td>{Settings.Of(entry.Best?.Parameters)}</td>")
                .Append($"<td>{string.Join(", ", entry.Importance.Take(3).Select(setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Feature} {setting.Importance:0%}")))}</td></tr>\n");
        }

        page.Append($"</table>\n");
    }

    private static void AppendVersions(HtmlWriter page, ModelView model)
    {
        page.Append($"<h2>Versions</h2>\n").Head("#version", "state", "registered", "verdict", "made by", "file");
        foreach (ModelVersion version in model.Versions.Reverse())
        {
            page.Append($"<tr><td class=\"n\">{version.Number}</td><td>{version.State}</td><td>{version.Created:yyyy-MM-dd HH:mm}</td><td>{version.Verdict}</td>")
                .Append($"<td><a href=\"/api/pipelines/{version.Pipeline}?format=html\">{version.Pipeline}</a></td><td>{version.Hash[..12]}…</td></tr>\n");
        }

        page.Append($"</table>\n");
    }

    private static void AppendOrigins(HtmlWriter page, IReadOnlyList<DatasetSummary> datasets, IReadOnlyList<PipelineRecord> pipelines)
    {
        page.Append($"<h2>Data</h2>\n").Head("dataset version", "#rows", "from", "kept");
        foreach (DatasetSummary dataset in datasets)
        {
            page.Append($"<tr><td><a href=\"/api/lineage/{dataset.Id}\">{dataset.Id}</a></td><td class=\"n\">{dataset.Rows:N0}</td><td>{dataset.Source}</td><td>{dataset.Created:yyyy-MM-dd HH:mm}</td></tr>\n");
        }

        page.Append($"</table>\n<h2>Newest pipelines</h2>\n").Head("pipeline", "started by", "on", "at");
        foreach (PipelineRecord pipeline in pipelines)
        {
            page.Append($"<tr><td><a href=\"/api/pipelines/{pipeline.Id}?format=html\">{pipeline.Id}</a></td><td>{pipeline.Trigger}</td><td>{pipeline.Source}</td><td>{pipeline.Created:yyyy-MM-dd HH:mm}</td></tr>\n");
        }

        page.Append($"</table>\n");
    }

    private static string Class(IReadOnlyList<string> classes, int index) => index < classes.Count ? classes[index] : string.Create(CultureInfo.InvariantCulture, $"class {index + 1}");
}
