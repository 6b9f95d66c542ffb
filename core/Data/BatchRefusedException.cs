namespace Mlops.Core.Data;

/// <summary>Ends the reading of a batch that cannot be used at all; carries the problem to report.</summary>
internal sealed class BatchRefusedException(DataProblem problem) : Exception(problem.ToString())
{
    public BatchRefusedException(string found, string expected, string remedy, int? row = null, string? column = null, long? line = null)
        : this(new DataProblem(row, column, found, expected, remedy, Severity.Block) { Line = line })
    {
    }

    public DataProblem Problem { get; } = problem;
}
