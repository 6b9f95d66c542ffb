using System.Globalization;
using System.Net;
using System.Text;
using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>Writes a validation report as HTML.</summary>
internal static class ValidationPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d8dee4}
        th{font-weight:600;background:#f6f8fa}td{overflow-wrap:break-word}.n{text-align:right;font-variant-numeric:tabular-nums}
        .verdict{display:inline-block;padding:.1rem .7rem;border-radius:1rem;color:#fff}.pass{background:#1a7f37}.warn{background:#9a6700}.block{background:#cf222e}
        @media(max-width:60rem){table{display:block;overflow-x:auto}}
        @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th{background:#161b22}th,td{border-color:#30363d}}
        """;

    public static string Render(ValidationReport report)
    {
        string verdict = report.Verdict.ToString();
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Validation: {verdict}</title><style>{Style}</style></head><body>
            <h1>Validation <span class="verdict {verdict.ToLowerInvariant()}">{verdict}</span></h1>
            <p>{Outcome(report.Verdict)} {report.Rows:N0} rows were read{(report.SkippedRows == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", {report.SkippedRows:N0} could not be"))}.</p>

            """);
        AppendProblems(page, "File and columns", [.. report.Problems.Where(p => p.Row is null)]);
        AppendProblems(page, $"First bad rows (at most {Findings.MaxRows})", [.. report.Problems.Where(p => p.Row is not null)]);
        AppendCounts(page, report.ProblemsByColumn);
        return page.Append("</body></html>\n").ToString();
    }

    private static string Outcome(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "Nothing is wrong with this batch.",
        Verdict.Warn => "This batch is used; please look at what is listed below.",
        _ => "This batch is in quarantine and nothing was trained on it. Correct what blocks and upload it again.",
    };

    private static void AppendProblems(StringBuilder page, string title, IReadOnlyList<DataProblem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        page.Append($"<h2>{title}</h2>\n<table><tr><th>Severity</th><th class=\"n\">Row</th><th class=\"n\">Line</th><th>Column</th><th>Found</th><th>Expected</th><th>What to do</th></tr>\n");
        foreach (DataProblem problem in problems)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{problem.Severity}</td><td class=\"n\">{problem.Row}</td><td class=\"n\">{problem.Line}</td><td>{Encode(problem.Column)}</td><td>{Encode(problem.Found)}</td><td>{Encode(problem.Expected)}</td><td>{Encode(problem.Remedy)}</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void AppendCounts(StringBuilder page, IReadOnlyDictionary<string, int> counts)
    {
        if (counts.Count == 0)
        {
            return;
        }

        page.Append("<h2>Bad values by column</h2>\n<table><tr><th>Column</th><th class=\"n\">Values</th></tr>\n");
        foreach ((string column, int count) in counts)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Encode(column)}</td><td class=\"n\">{count:N0}</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static string Encode(string? text) => WebUtility.HtmlEncode(text ?? string.Empty);
}
