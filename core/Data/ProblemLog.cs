namespace Mlops.Core.Data;

/// <summary>Keeps the first problems and counts all.</summary>
internal sealed class ProblemLog(BatchLimits limits)
{
    private readonly List<DataProblem> _problems = [];
    private readonly List<int> _skipped = [];
    private readonly Dictionary<string, int> _badCells = new(StringComparer.Ordinal);

    public IReadOnlyList<DataProblem> Problems => _problems;

    public IReadOnlyList<int> SkippedRows => _skipped;

    public IReadOnlyDictionary<string, int> BadCells => _badCells;

    public int Count { get; private set; }

    public void Add(DataProblem problem)
    {
        Count++;

        // Something that blocks is told however much was told before.
        if (_problems.Count < limits.MaxProblems || problem.Severity == Severity.Block)
        {
            _problems.Add(problem);
        }
    }

    /// <summary>A row that is left out.</summary>
    public void SkipRow(int row, long line, string found, string expected, string remedy, string? column = null)
    {
        _skipped.Add(row);
        Add(new DataProblem(row, column, found, expected, remedy, Severity.Warn) { Line = line });
    }

    /// <summary>A value that became missing.</summary>
    public void BadCell(int row, long line, string column, ReadOnlySpan<byte> cell, CellFault fault, BatchLimits bounds)
    {
        int count = _badCells.GetValueOrDefault(column) + 1;
        _badCells[column] = count;
        Count++;
        if (fault == CellFault.TooManyTexts && count == 1)
        {
            _problems.Add(new DataProblem(
                null,
                column,
                $"more distinct texts than can be kept, from row {row} on",
                $"at most {bounds.MaxDistinctText:N0} in a column and {bounds.MaxTextBytes:N0} bytes of them in the batch",
                "An identifier or free text is no use as a feature: leave the column out of the file.",
                Severity.Block));
            return;
        }

        if (_problems.Count >= limits.MaxProblems)
        {
            return;
        }

        string setText = "Correct the value, or set the column's type to text in model.yaml under 'types'.";
        (string expected, string remedy) = fault switch
        {
            CellFault.NotNumber => ("a number", setText),
            CellFault.NotTimestamp => ("a date or time such as 2026-03-31 or 2026-03-31T23:59:59Z", setText),
            CellFault.Infinite => ("a finite number up to ±1.8e308", "Correct the value, or leave it empty."),
            CellFault.Nested => ("a number, text, true, false or null", "Write each nested value as a column of its own."),
            CellFault.TooLong => ($"at most {bounds.MaxFieldLength:N0} characters", "Shorten the value."),
            _ => ("a known text", "Leave the column out of the file."),
        };
        string found = fault == CellFault.TooLong ? $"a text of {cell.Length:N0} bytes" : $"'{Excerpt.OfUtf8(cell)}'";
        _problems.Add(new DataProblem(row, column, found, expected, remedy, Severity.Warn) { Line = line });
    }
}
