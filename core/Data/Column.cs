namespace Mlops.Core.Data;

/// <summary>One named column of a <see cref="DataTable"/>: immutable, all rows of one kind.</summary>
public abstract class Column
{
    private protected Column(string name, ColumnKind kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Kind = kind;
    }

    /// <summary>The header of the column, exactly as in the data.</summary>
    public string Name { get; }

    /// <summary>What the values are.</summary>
    public ColumnKind Kind { get; }

    /// <summary>Rows, missing ones included.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the value in <paramref name="row"/> (0-based) is missing.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>The value in <paramref name="row"/> in its canonical invariant text, or null when missing.</summary>
    public abstract string? Text(int row);

    /// <summary>A new column with the given rows (0-based, in that order, repeats allowed). O(rows).</summary>
    public abstract Column Take(ReadOnlySpan<int> rows);
}
