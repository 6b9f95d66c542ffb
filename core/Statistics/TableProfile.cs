using Mlops.Core.Data;

namespace Mlops.Core.Statistics;

/// <summary>A table by one <see cref="ColumnProfile"/> per column: what validation, drift, model cards and devices share instead of the rows.</summary>
public sealed class TableProfile
{
    /// <summary>Takes the columns as they are; names are distinct.</summary>
    public TableProfile(long rows, IReadOnlyList<ColumnProfile> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Rows of the table.</summary>
    public long Rows { get; }

    /// <summary>One profile per column, in the order of the table.</summary>
    public IReadOnlyList<ColumnProfile> Columns { get; }

    /// <summary>The profile of that column, or null.</summary>
    public ColumnProfile? Find(string name) => Columns.FirstOrDefault(c => c.Name == name);

    private const int ColumnsAtATime = 4;

    /// <summary>Profiles every column on edges of its own. O(columns · n log n).</summary>
    public static TableProfile Of(DataTable table) => Of(table, null);

    /// <summary>Profiles a window on the edges and categories of its <paramref name="reference"/>: comparing the two is then free of sketch error.
    /// Columns that the reference lacks, or has in another kind, get edges of their own.</summary>
    public static TableProfile Of(DataTable table, TableProfile? reference)
    {
        ArgumentNullException.ThrowIfNull(table);

        // Columns do not depend on each other, so the result is the same for any number of threads. Each holds three copies of its column, so there are few at a time.
        ColumnProfile[] columns = new ColumnProfile[table.Columns.Count];
        Parallel.For(0, columns.Length, new ParallelOptions { MaxDegreeOfParallelism = ColumnsAtATime }, i => columns[i] = ColumnProfile.Of(table.Columns[i], reference?.Find(table.Columns[i].Name)));
        return new TableProfile(table.RowCount, columns);
    }

    /// <summary>The profile of all rows of the parts. The order of the parts changes nothing but the order of columns: those of the first part come first.
    /// A column that a part lacks counts as missing in all its rows.</summary>
    /// <exception cref="ArgumentException">There is no part, or a column is numeric in one and text in another.</exception>
    public static TableProfile Merge(IReadOnlyList<TableProfile> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Count == 0)
        {
            throw new ArgumentException("No profile to merge; pass at least one.", nameof(parts));
        }

        List<ColumnProfile> columns = [];
        foreach (string name in parts.SelectMany(p => p.Columns).Select(c => c.Name).Distinct(StringComparer.Ordinal))
        {
            ColumnProfile kind = parts.Select(p => p.Find(name)).OfType<ColumnProfile>().First();
            columns.Add(ColumnProfile.Merge([.. parts.Select(p => p.Find(name) ?? new ColumnProfile { Name = name, Kind = kind.Kind, Rows = p.Rows, Missing = p.Rows, Distinct = new() })]));
        }

        return new TableProfile(parts.Sum(p => p.Rows), columns);
    }

    /// <summary>The stored form: at most 10 KB a column with names up to 200 characters, equal profiles to equal text.</summary>
    public string ToJson() => ProfileJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a profile; the message says where.</exception>
    public static TableProfile FromJson(string json) => ProfileJson.Read(json);
}
