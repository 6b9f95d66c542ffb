using System.Globalization;
using System.Net;
using System.Text;
using Mlops.Core.Statistics.ChangePoints;

namespace Mlops.Core.Statistics;

/// <summary>The drift report as a page a person reads.</summary>
internal static class DriftReportPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
        .verdict{padding:.8rem 1rem;border-radius:.4rem;background:#e8f3ec}.verdict.Drift{background:#fbe6e3}.verdict.TooFewRows{background:#f5f0dc}
        table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top}
        td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}tr.drifted td{background:#fdf3f1}
        svg{width:100%;max-width:45rem;height:auto}figcaption{font-weight:600}figure{margin:1.5rem 0}
        @media(max-width:60rem){table{display:block;overflow-x:auto}}
        @media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#eee}.verdict{background:#1e3a2a}.verdict.Drift{background:#4a211b}.verdict.TooFewRows{background:#43391a}
        tr.drifted td{background:#33201d}th,td{border-color:#444}text{fill:#eee}}
        """;

    public static string Render(DriftReport report, string title)
    {
        StringBuilder page = new();
        page.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>")
            .Append(Encode(title)).Append("</title><style>").Append(Style).Append("</style></head><body>\n<h1>").Append(Encode(title)).Append("</h1>\n")
            .Append("<p class=\"verdict ").Append(report.Verdict).Append("\">").Append(Encode(report.Summary)).Append("</p>\n")
            .Append(CultureInfo.InvariantCulture, $"<p>{report.Rows} rows in the window, compared with {Encode(report.Reference)}; chance of a false alarm per window {report.Alpha:0.####%}.</p>\n");
        if (report.Columns.Count > 0)
        {
            Tabulate(page, report.Columns);
        }

        if (report.Causes.Count > 0)
        {
            page.Append("<h2>Where the change lies</h2>\n<ol>\n");
            foreach (SliceContribution cause in report.Causes)
            {
                page.Append("<li>").Append(Encode($"{cause.Column}: {cause.Slice}")).Append(CultureInfo.InvariantCulture, $": {cause.ReferenceShare:0.0%} → {cause.WindowShare:0.0%} of the values</li>\n");
            }

            page.Append("</ol>\n");
        }

        if (report.Loss is { } loss)
        {
            Errors(page, loss);
        }

        foreach (ColumnDistribution distribution in report.Distributions)
        {
            Draw(page, distribution);
        }

        return page.Append("</body></html>\n").ToString();
    }

    /// <summary>Where the model got worse: the slices that made the mean loss larger.</summary>
    private static void Errors(StringBuilder page, LossChange loss)
    {
        page.Append("<h2>How right the model was</h2>\n<p>").Append(Encode(loss.Summary)).Append("</p>\n");
        LossContribution[] worse = [.. loss.Causes.Where(cause => cause.Mix + cause.Rate > 0)];
        if (worse.Length == 0)
        {
            return;
        }

        string unit = loss.IsShare ? "Wrong" : "Mean error";
        page.Append("<table><thead><tr><th>Where</th><th>Part of the change</th><th>Rows</th><th>").Append(unit).Append("</th><th>p adjusted</th></tr></thead><tbody>\n");
        foreach (LossContribution cause in worse)
        {
            page.Append("<tr><td>").Append(Encode($"{cause.Column}: {cause.Slice}")).Append("</td><td class=\"n\">+").Append(Loss(cause.Mix + cause.Rate))
                .Append(CultureInfo.InvariantCulture, $"</td><td class=\"n\">{cause.ReferenceShare:0.0%} → {cause.WindowShare:0.0%}</td><td class=\"n\">")
                .Append(Loss(cause.ReferenceLoss)).Append(" → ").Append(Loss(cause.WindowLoss)).Append("</td><td class=\"n\">").Append(Number(cause.AdjustedPValue)).Append("</td></tr>\n");
        }

        page.Append("</tbody></table>\n");

        string Loss(double value) => double.IsNaN(value) ? "–" : value.ToString(loss.IsShare ? "0.0%" : "G4", CultureInfo.InvariantCulture);
    }

    private static void Tabulate(StringBuilder page, IReadOnlyList<ColumnDrift> columns)
    {
        page.Append("<table><thead><tr><th>Column</th><th>Weight</th><th>Test</th><th>Effect</th><th>PSI</th><th>p adjusted</th><th>What it means</th></tr></thead><tbody>\n");
        foreach (ColumnDrift column in columns)
        {
            page.Append(column.Drifted ? "<tr class=\"drifted\"><td>" : "<tr><td>").Append(Encode(column.Column)).Append("</td><td class=\"n\">").Append(Number(column.Weight)).Append("</td><td>").Append(Encode(column.Test))
                .Append("</td><td class=\"n\">").Append(Number(column.EffectSize)).Append("</td><td class=\"n\">").Append(Number(column.Psi))
                .Append("</td><td class=\"n\">").Append(Number(column.AdjustedPValue)).Append("</td><td>").Append(Encode(column.Explanation)).Append("</td></tr>\n");
        }

        page.Append("</tbody></table>\n");
    }

    /// <summary>Two bars per bin, reference above window.</summary>
    private static void Draw(StringBuilder page, ColumnDistribution distribution)
    {
        double largest = Math.Max(1e-9, distribution.Reference.Concat(distribution.Window).DefaultIfEmpty(0).Max());
        int height = 20 + 26 * distribution.Labels.Count;
        page.Append("<figure><figcaption>").Append(Encode(distribution.Column)).Append("</figcaption>")
            .Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"-40 0 720 {height}\" role=\"img\" aria-label=\"")
            .Append(Encode($"Shares of {distribution.Column}: reference grey, window blue")).Append("\">")
            .Append("<text x=\"200\" y=\"12\" font-size=\"11\">reference (grey) and window (blue)</text>\n");
        for (int i = 0; i < distribution.Labels.Count; i++)
        {
            int y = 20 + 26 * i;
            string label = distribution.Labels[i].Length > 28 ? string.Concat(distribution.Labels[i].AsSpan(0, 27), "…") : distribution.Labels[i];
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"190\" y=\"{y + 15}\" font-size=\"11\" text-anchor=\"end\">").Append(Encode(label)).Append("</text>")
                .Append(CultureInfo.InvariantCulture, $"<rect x=\"200\" y=\"{y}\" width=\"{distribution.Reference[i] / largest * 360:0.#}\" height=\"10\" fill=\"#999\"/>")
                .Append(CultureInfo.InvariantCulture, $"<rect x=\"200\" y=\"{y + 11}\" width=\"{distribution.Window[i] / largest * 360:0.#}\" height=\"10\" fill=\"#2b6cb0\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"570\" y=\"{y + 15}\" font-size=\"10\">{distribution.Reference[i]:0.0%} → {distribution.Window[i]:0.0%}</text>\n");
        }

        page.Append("</svg></figure>\n");
    }

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString(Math.Abs(value) is < 0.001 and > 0 ? "0.0e0" : "0.###", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
