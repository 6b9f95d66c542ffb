using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>The outcome of a validation.</summary>
/// <param name="Verdict">What becomes of the batch.</param>
/// <param name="Rows">Rows in the table.</param>
/// <param name="Problems">Findings about the file and its columns first, then the first 20 bad rows with row and column.</param>
/// <param name="ProblemsByColumn">Bad values per column; columns without are absent.</param>
public sealed record ValidationReport(Verdict Verdict, int Rows, IReadOnlyList<DataProblem> Problems, IReadOnlyDictionary<string, int> ProblemsByColumn)
{
    /// <summary>The report as a JSON document.</summary>
    public string ToJson() => CoreJson.Write(this);

    /// <summary>The report as a page for people.</summary>
    public string ToHtml() => throw new NotImplementedException();
}
