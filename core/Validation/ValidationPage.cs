using Mlops.Core.Data;
using Mlops.Core.Pages;

namespace Mlops.Core.Validation;

/// <summary>Writes a validation report as HTML.</summary>
internal static class ValidationPage
{
    public static string Render(ValidationReport report)
    {
        HtmlWriter page = new($"Validation: {report.Verdict}");
        page.Append($"<p class=\"verdict {Class(report.Verdict)}\">{Outcome(report.Verdict)} {report.Rows:N0} rows were read");
        if (report.SkippedRows > 0)
        {
            page.Append($", {report.SkippedRows:N0} could not be");
        }

        page.Append($".</p>\n");
        AppendProblems(page, "File and columns", [.. report.Problems.Where(p => p.Row is null)]);
        AppendProblems(page, $"First bad rows (at most {Findings.MaxRows})", [.. report.Problems.Where(p => p.Row is not null)]);
        AppendCounts(page, report.ProblemsByColumn);
        return page.Close();
    }

    private static string Class(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "good",
        Verdict.Warn => "unsure",
        _ => "bad",
    };

    private static string Outcome(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "Nothing is wrong with this batch.",
        Verdict.Warn => "This batch is used; please look at what is listed below.",
        _ => "This batch is in quarantine and nothing was trained on it. Correct what blocks and upload it again.",
    };

    private static void AppendProblems(HtmlWriter page, string title, IReadOnlyList<DataProblem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        page.Append($"<h2>{title}</h2>\n").Head("Severity", "#Row", "#Line", "Column", "Found", "Expected", "What to do");
        foreach (DataProblem problem in problems)
        {
            page.Append($"<tr><td>{problem.Severity}</td><td class=\"n\">{problem.Row}</td><td class=\"n\">{problem.Line}</td><td>{problem.Column}</td><td>{problem.Found}</td><td>{problem.Expected}</td><td>{problem.Remedy}</td></tr>\n");
        }

        page.Append($"</table>\n");
    }

    private static void AppendCounts(HtmlWriter page, IReadOnlyDictionary<string, int> counts)
    {
        if (counts.Count == 0)
        {
            return;
        }

        page.Append($"<h2>Bad values by column</h2>\n").Head("Column", "#Values");
        foreach ((string column, int count) in counts)
        {
            page.Append($"<tr><td>{column}</td><td class=\"n\">{count:N0}</td></tr>\n");
        }

        page.Append($"</table>\n");
    }
}
