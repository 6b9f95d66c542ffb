using System.Buffers;
using Mlops.Core.Data;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics;

/// <summary>Whether a profile describes numbers (also instants) or texts.</summary>
public enum ProfileKind
{
    /// <summary>Numbers: moments, quantiles, histogram.</summary>
    Numeric,

    /// <summary>Texts: category counts.</summary>
    Text,
}

/// <summary>A column of a dataset version, or of a window of predictions, in at most 10 KB; immutable and mergeable.</summary>
public sealed record ColumnProfile
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers or texts.</summary>
    public required ProfileKind Kind { get; init; }

    /// <summary>Rows, missing ones included.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows without a value.</summary>
    public required long Missing { get; init; }

    /// <summary>Rows with a value.</summary>
    public long Count => Rows - Missing;

    /// <summary>Moments of the values; of nothing for texts.</summary>
    public Moments Moments { get; init; }

    /// <summary>Quantiles with exact minimum and maximum; empty for texts.</summary>
    public TDigest Quantiles { get; init; } = TDigest.Empty;

    /// <summary>Counts on the reference's edges; null for texts and when there were no values.</summary>
    public EdgeHistogram? Histogram { get; init; }

    /// <summary>Category counts; empty for numbers.</summary>
    public FrequentItems Items { get; init; } = FrequentItems.Empty;

    /// <summary>Distinct values.</summary>
    public required HyperLogLog Distinct { get; init; }

    /// <summary>Profiles one column; with a <paramref name="reference"/>, on its edges and categories. O(n log n) for numbers, O(n) for texts.</summary>
    public static ColumnProfile Of(Column column, ColumnProfile? reference = null)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column is TextColumn text ? OfText(text, reference) : OfNumbers((NumericColumn)column, reference);
    }

    /// <summary>The profile of all rows of the parts, which describe the same column. The order of the parts does not matter.</summary>
    /// <exception cref="ArgumentException">Names or kinds differ.</exception>
    public static ColumnProfile Merge(IReadOnlyList<ColumnProfile> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ColumnProfile first = parts.Count > 0 ? parts[0] : throw new ArgumentException("No profile to merge; pass at least one.", nameof(parts));
        foreach (ColumnProfile part in parts)
        {
            if (part.Name != first.Name || part.Kind != first.Kind)
            {
                throw new ArgumentException($"Cannot merge the profile of '{part.Name}' ({part.Kind}) into that of '{first.Name}' ({first.Kind}); profiles must be of one column.", nameof(parts));
            }
        }

        TDigest quantiles = TDigest.Merge([.. parts.Select(p => p.Quantiles)]);
        return first with
        {
            Rows = parts.Sum(p => p.Rows),
            Missing = parts.Sum(p => p.Missing),
            Moments = parts.OrderBy(p => p.Moments.Mean).ThenBy(p => p.Moments.Count).Aggregate(default(Moments), (sum, p) => sum.Merge(p.Moments)),
            Quantiles = quantiles,
            Histogram = MergeHistograms(parts),
            Items = FrequentItems.Merge([.. parts.Select(p => p.Items)]),
            Distinct = parts.Aggregate(new HyperLogLog(), (sum, p) => sum.Union(p.Distinct)),
        };
    }

    private static EdgeHistogram? MergeHistograms(IReadOnlyList<ColumnProfile> parts)
    {
        // The edges of the largest part serve all; between equals the smaller edges, so that the order of the parts does not matter.
        EdgeHistogram? chosen = null;
        foreach (EdgeHistogram candidate in parts.Select(p => p.Histogram).OfType<EdgeHistogram>())
        {
            if (chosen is null || candidate.Total > chosen.Total || (candidate.Total == chosen.Total && Precedes(candidate.Edges, chosen.Edges)))
            {
                chosen = candidate;
            }
        }

        if (chosen is null)
        {
            return null;
        }

        long[] counts = new long[chosen.Counts.Count];
        bool exact = true;
        foreach (ColumnProfile part in parts.Where(p => p.Count > 0))
        {
            EdgeHistogram histogram = part.Histogram is { } own && own.Matches(chosen) ? own : EdgeHistogram.OfSketch(part.Quantiles, chosen.Edges);
            exact &= histogram.IsExact;
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] += histogram.Counts[i];
            }
        }

        return new EdgeHistogram(chosen.Edges, counts, exact);
    }

    private static bool Precedes(IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        for (int i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (left[i] != right[i])
            {
                return left[i] < right[i];
            }
        }

        return left.Count < right.Count;
    }

    private static ColumnProfile OfNumbers(NumericColumn column, ColumnProfile? reference)
    {
        // Borrowed: columns of a million values would otherwise be garbage faster than it is collected.
        double[] sorted = ArrayPool<double>.Shared.Rent(column.Count);
        try
        {
            int count = 0;
            HyperLogLog distinct = new();
            foreach (double value in column.Values)
            {
                if (!double.IsNaN(value))
                {
                    sorted[count++] = value;
                    distinct.Add(StableHash.Of(value));
                }
            }

            Span<double> values = sorted.AsSpan(0, count);
            RadixSort.Sort(values);
            return new ColumnProfile
            {
                Name = column.Name,
                Kind = ProfileKind.Numeric,
                Rows = column.Count,
                Missing = column.Count - count,
                Moments = Moments.Of(column.Values),
                Quantiles = TDigest.OfSorted(values),
                Histogram = reference?.Histogram is { } known ? EdgeHistogram.OfSorted(values, known.Edges)
                    : count == 0 ? null : EdgeHistogram.OfSorted(values, EdgeHistogram.EdgesOf(values)),
                Distinct = distinct,
            };
        }
        finally
        {
            ArrayPool<double>.Shared.Return(sorted);
        }
    }

    private static ColumnProfile OfText(TextColumn column, ColumnProfile? reference)
    {
        long[] counts = new long[column.Dictionary.Count];
        long missing = 0;
        foreach (int code in column.Codes)
        {
            if (code < 0)
            {
                missing++;
            }
            else
            {
                counts[code]++;
            }
        }

        HyperLogLog distinct = new();
        List<KeyValuePair<string, long>> present = [];
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                present.Add(new(column.Dictionary[i], counts[i]));
                distinct.Add(StableHash.Of(column.Dictionary[i]));
            }
        }

        return new ColumnProfile
        {
            Name = column.Name,
            Kind = ProfileKind.Text,
            Rows = column.Count,
            Missing = missing,
            Items = FrequentItems.Of(present, reference?.Items.Counts.Keys.ToArray()),
            Distinct = distinct,
        };
    }
}
