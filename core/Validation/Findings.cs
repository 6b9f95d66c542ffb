using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>Collects what the checks find: about the file and its columns, and about single rows.</summary>
internal sealed class Findings(BatchRead read, IReadOnlySet<string> ignored)
{
    /// <summary>Bad rows shown.</summary>
    public const int MaxRows = 20;

    // More values of one row, or rows of one column, say nothing new.
    private const int MaxPerRow = 5;
    private const int MaxRowsPerColumn = MaxRows;

    private readonly List<DataProblem> _general = [];
    private readonly List<DataProblem> _rows = [];
    private readonly Dictionary<string, int> _byColumn = new(StringComparer.Ordinal);

    /// <summary>Adds a problem; what blocks only warns in a column that is ignored.</summary>
    public void Add(DataProblem problem)
    {
        DataProblem weighed = problem.Column is { } column && ignored.Contains(column) ? problem with { Severity = Severity.Warn } : problem;
        (weighed.Row is null ? _general : _rows).Add(weighed);
    }

    /// <summary>Adds a finding about a column.</summary>
    public void Column(string column, Severity severity, string found, string expected, string remedy) =>
        Add(new DataProblem(null, column, found, expected, remedy, severity));

    /// <summary>Counts bad values of a column.</summary>
    public void Count(string column, int values) => _byColumn[column] = _byColumn.GetValueOrDefault(column) + values;

    /// <summary>The row of the file from which a row of the table comes.</summary>
    public int FileRow(int tableRow) => read.FileRow(tableRow);

    /// <summary>Adds the rows of bad values of a column, given as rows of the table.</summary>
    public void Rows(Column column, IReadOnlyList<int> tableRows, string expected, string remedy)
    {
        foreach (int row in tableRows.Take(MaxRowsPerColumn))
        {
            _rows.Add(new DataProblem(read.FileRow(row), column.Name, $"'{Excerpt.Of(column.Text(row))}'", expected, remedy, Severity.Warn));
        }
    }

    public ValidationReport Report()
    {
        IEnumerable<DataProblem> firstRows = _rows
            .GroupBy(p => p.Row)
            .OrderBy(g => g.Key)
            .Take(MaxRows)
            .SelectMany(g => g.Take(MaxPerRow));
        bool blocks = _general.Concat(_rows).Any(p => p.Severity == Severity.Block);
        Verdict verdict = blocks ? Verdict.Block : _general.Count + _rows.Count > 0 ? Verdict.Warn : Verdict.Pass;
        return new ValidationReport(
            verdict,
            read.Table?.RowCount ?? 0,
            [.. _general.OrderByDescending(p => p.Severity), .. firstRows],
            new SortedDictionary<string, int>(_byColumn, StringComparer.Ordinal))
        {
            SkippedRows = read.SkippedRows.Count,
        };
    }
}
