using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>The outcome of a validation.</summary>
/// <param name="Verdict">What becomes of the batch.</param>
/// <param name="Rows">Rows in the table.</param>
/// <param name="Problems">Findings about the file and its columns, what blocks first; then the problems of the first 20 bad rows, by row.</param>
/// <param name="ProblemsByColumn">Bad values per column, by name; columns without are absent.</param>
public sealed record ValidationReport(Verdict Verdict, int Rows, IReadOnlyList<DataProblem> Problems, IReadOnlyDictionary<string, int> ProblemsByColumn)
{
    /// <summary>Rows that could not be read and are not in the table.</summary>
    public int SkippedRows { get; init; }

    /// <summary>The report as a JSON document.</summary>
    public string ToJson() => CoreJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ValidationReport FromJson(string json) => CoreJson.Read<ValidationReport>(json, "validation report");

    /// <summary>The report as a page for people: self-contained, no script, everything from outside encoded.</summary>
    public string ToHtml() => ValidationPage.Render(this);
}
