using Mlops.Core.Data;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.ChangePoints;

/// <summary>How far off a model was, by slice of each column: small, mergeable, and enough for <see cref="RootCause"/>. Immutable.</summary>
/// <param name="IsShare">Whether a loss is 0 or 1 (right or wrong), so that means are shares; otherwise it is an absolute error.</param>
/// <param name="Total">The losses of all rows.</param>
/// <param name="Columns">The same rows once per column, in its slices.</param>
public sealed record LossProfile(bool IsShare, Moments Total, IReadOnlyList<ColumnLosses> Columns)
{
    /// <summary>Columns at most: slices of those that hardly matter explain nothing.</summary>
    public const int MaximumColumns = 200;

    private const int MaximumCategories = 20;
    private const int Parts = 10;

    /// <summary>Cuts columns into slices, numbers at their deciles and texts by their 20 most frequent categories, and counts the losses in them. O(columns · n log n).</summary>
    /// <param name="table">The rows.</param>
    /// <param name="columns">Columns to slice by, those that matter most first; at most <see cref="MaximumColumns"/> are taken, unknown ones left out.</param>
    /// <param name="losses">The loss of each row, ≥ 0; NaN where the truth is not known, so that the row does not count.</param>
    /// <param name="isShare">Whether a loss is 0 or 1.</param>
    public static LossProfile Cut(DataTable table, IEnumerable<string> columns, double[] losses, bool isShare)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        List<ColumnLosses> empty = [];
        foreach (string name in columns.Take(MaximumColumns))
        {
            if (table.TryGet(name, out Column? column))
            {
                (double[] edges, string[] categories) = column is NumericColumn numbers ? (Deciles(numbers), []) : (Array.Empty<double>(), Frequent(column));
                empty.Add(new ColumnLosses(name, column is TextColumn, edges, categories, []));
            }
        }

        return new LossProfile(isShare, default, empty).Of(table, losses);
    }

    /// <summary>The losses of other rows in the slices of this profile. A column that the table lacks, or has in another kind, counts as missing.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="losses">The loss of each row, ≥ 0; NaN where the truth is not known.</param>
    public LossProfile Of(DataTable table, double[] losses)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(losses);
        if (losses.Length != table.RowCount)
        {
            throw new ArgumentException($"There are {losses.Length} losses for {table.RowCount} rows; give one each, NaN where the truth is not known.", nameof(losses));
        }

        return this with { Total = Moments.Of(losses), Columns = [.. Columns.Select(column => column.Of(table, losses))] };
    }

    /// <summary>The losses of both, counted in the same slices.</summary>
    /// <exception cref="ArgumentException">The slices differ.</exception>
    public LossProfile Merge(LossProfile other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Total = Total.Merge(other.Total), Columns = [.. Columns.Zip(other.Columns, (a, b) => a.Merge(b))] };
    }

    private static double[] Deciles(NumericColumn column)
    {
        double[] sorted = Samples.Sorted(column.Values);
        return sorted.Length == 0 ? [] : [.. Enumerable.Range(1, Parts - 1).Select(i => sorted[(int)((long)i * sorted.Length / Parts)]).Distinct()];
    }

    private static string[] Frequent(Column column) =>
    [
        .. Enumerable.Range(0, column.Count).Select(column.Text).OfType<string>().GroupBy(FrequentItems.Shorten, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MaximumCategories).Select(g => g.Key),
    ];
}
