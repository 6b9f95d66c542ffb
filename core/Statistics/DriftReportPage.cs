using System.Globalization;
using Mlops.Core.Pages;
using Mlops.Core.Statistics.ChangePoints;

namespace Mlops.Core.Statistics;

/// <summary>The drift report as a page a person reads.</summary>
internal static class DriftReportPage
{
    public static string Render(DriftReport report, string title)
    {
        HtmlWriter page = new(title);
        page.Append($"<p class=\"verdict {Class(report.Verdict)}\">{report.Summary}</p>\n")
            .Append($"<p>{report.Rows} rows in the window, compared with {report.Reference}; chance of a false alarm per window {report.Alpha:0.####%}.</p>\n");
        if (report.Columns.Count > 0)
        {
            Tabulate(page, report.Columns);
        }

        if (report.Causes.Count > 0)
        {
            page.Append($"<h2>Where the change lies</h2>\n<ol>\n");
            foreach (SliceContribution cause in report.Causes)
            {
                page.Append($"<li>{cause.Column}: {cause.Slice}: {cause.ReferenceShare:0.0%} → {cause.WindowShare:0.0%} of the values</li>\n");
            }

            page.Append($"</ol>\n");
        }

        if (report.Loss is { } loss)
        {
            Errors(page, loss);
        }

        foreach (ColumnDistribution distribution in report.Distributions)
        {
            Charts.PairedBars(page, distribution.Column, [.. distribution.Labels.Select((label, i) => (label, distribution.Reference[i], distribution.Window[i]))]);
        }

        return page.Close();
    }

    private static string Class(DriftVerdict verdict) => verdict switch
    {
        DriftVerdict.None => "good",
        DriftVerdict.Drift => "bad",
        _ => "unsure",
    };

    /// <summary>Where the model got worse: the slices that made the mean loss larger.</summary>
    private static void Errors(HtmlWriter page, LossChange loss)
    {
        page.Append($"<h2>How right the model was</h2>\n<p>{loss.Summary}</p>\n");
        LossContribution[] worse = [.. loss.Causes.Where(cause => cause.Mix + cause.Rate > 0)];
        if (worse.Length == 0)
        {
            return;
        }

        string format = loss.IsShare ? "0.0%" : "G4";
        page.Head("Where", "#Part of the change", "#Rows", loss.IsShare ? "#Wrong" : "#Mean error", "#p adjusted");
        foreach (LossContribution cause in worse)
        {
            page.Append($"<tr><td>{cause.Column}: {cause.Slice}</td><td class=\"n\">+{Value(cause.Mix + cause.Rate)}</td><td class=\"n\">{cause.ReferenceShare:0.0%} → {cause.WindowShare:0.0%}</td>")
                .Append($"<td class=\"n\">{Value(cause.ReferenceLoss)} → {Value(cause.WindowLoss)}</td><td class=\"n\">{HtmlWriter.Short(cause.AdjustedPValue)}</td></tr>\n");
        }

        page.Append($"</table>\n");

        string Value(double value) => double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static void Tabulate(HtmlWriter page, IReadOnlyList<ColumnDrift> columns)
    {
        page.Head("Column", "#Weight", "Test", "#Effect", "#PSI", "#p adjusted", "What it means");
        foreach (ColumnDrift column in columns)
        {
            page.Append($"<tr class=\"{(column.Drifted ? "drifted" : string.Empty)}\"><td>{column.Column}</td><td class=\"n\">{HtmlWriter.Short(column.Weight)}</td><td>{column.Test}</td><td class=\"n\">{HtmlWriter.Short(column.EffectSize)}</td>")
                .Append($"<td class=\"n\">{HtmlWriter.Short(column.Psi)}</td><td class=\"n\">{HtmlWriter.Short(column.AdjustedPValue)}</td><td>{column.Explanation}</td></tr>\n");
        }

        page.Append($"</table>\n");
    }
}
