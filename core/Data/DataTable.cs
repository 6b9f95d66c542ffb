using System.Diagnostics.CodeAnalysis;

namespace Mlops.Core.Data;

/// <summary>A batch or dataset in memory, column by column: immutable, every column of equal length, names distinct (ordinal).</summary>
public sealed class DataTable
{
    private readonly Dictionary<string, Column> _byName;

    /// <summary>Takes the columns as they are.</summary>
    /// <exception cref="ArgumentException">Lengths differ or a name occurs twice.</exception>
    public DataTable(IReadOnlyList<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Columns = columns;
        RowCount = columns.Count == 0 ? 0 : columns[0].Count;
        _byName = new Dictionary<string, Column>(columns.Count, StringComparer.Ordinal);
        foreach (Column column in columns)
        {
            if (column.Count != RowCount)
            {
                throw new ArgumentException($"Column '{column.Name}' has {column.Count} rows; expected {RowCount} as in '{columns[0].Name}'.", nameof(columns));
            }

            if (!_byName.TryAdd(column.Name, column))
            {
                throw new ArgumentException($"Column '{column.Name}' occurs twice; names must be distinct.", nameof(columns));
            }
        }
    }

    /// <summary>The columns in the order of the data.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Rows in every column.</summary>
    public int RowCount { get; }

    /// <summary>The column of that exact name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Column this[string name] => _byName.TryGetValue(name, out Column? column)
        ? column
        : throw new KeyNotFoundException($"No column '{name}'; the data has: {string.Join(", ", _byName.Keys.Take(20))}.");

    /// <summary>Finds the column of that exact name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Column? column) => _byName.TryGetValue(name, out column);

    /// <summary>A new table with the given rows (0-based, in that order, repeats allowed).</summary>
    public DataTable Take(ReadOnlySpan<int> rows)
    {
        Column[] taken = new Column[Columns.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = Columns[i].Take(rows);
        }

        return new DataTable(taken);
    }
}
