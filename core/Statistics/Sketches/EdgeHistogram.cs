namespace Mlops.Core.Statistics.Sketches;

/// <summary>Counts of a numeric column in fixed bins: bin i holds edges[i−1] &lt; x ≤ edges[i]; the first and the last bin are open.</summary>
/// <remarks>The edges are the reference's quantiles, cut once, so reference and window have the same ones and their distribution functions can be compared
/// there without any sketch error.</remarks>
/// <param name="Edges">Ascending and distinct; one less than the bins.</param>
/// <param name="Counts">Values in each bin.</param>
/// <param name="IsExact">False when counts were taken from a sketch because parts had different edges; their distribution function is then off by at most <see cref="TDigest.RankError"/>.</param>
public sealed record EdgeHistogram(IReadOnlyList<double> Edges, IReadOnlyList<long> Counts, bool IsExact)
{
    /// <summary>Bins of a new reference, at most.</summary>
    public const int Bins = 50;

    /// <summary>Values in all bins.</summary>
    public long Total => Counts.Sum();

    /// <summary>Whether both have the same edges.</summary>
    public bool Matches(EdgeHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Edges.SequenceEqual(other.Edges);
    }

    /// <summary>Edges at the quantiles i/<see cref="Bins"/> of sorted values; a value that fills several bins gives one edge below and one at it.</summary>
    public static double[] EdgesOf(ReadOnlySpan<double> sorted)
    {
        SortedSet<double> edges = [];
        for (int i = 1; i < Bins && sorted.Length > 0; i++)
        {
            double edge = sorted[(int)((long)i * sorted.Length / Bins)];
            if (edge < sorted[^1])
            {
                edges.Add(edge);
            }

            // The largest smaller value separates an atom from what lies left of it.
            int first = LowerBound(sorted, edge);
            if (first > 0 && UpperBound(sorted, edge) - first > sorted.Length / Bins)
            {
                edges.Add(sorted[first - 1]);
            }
        }

        double[] all = [.. edges];
        return all.Length < Bins ? all : [.. Enumerable.Range(0, Bins - 1).Select(i => all[(int)((long)i * all.Length / (Bins - 1))])];
    }

    /// <summary>Counts sorted values. O(bins · log n).</summary>
    public static EdgeHistogram OfSorted(ReadOnlySpan<double> sorted, IReadOnlyList<double> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        long[] counts = new long[edges.Count + 1];
        int below = 0;
        for (int i = 0; i < edges.Count; i++)
        {
            int upTo = UpperBound(sorted, edges[i]);
            counts[i] = upTo - below;
            below = upTo;
        }

        counts[^1] = sorted.Length - below;
        return new EdgeHistogram(edges, counts, true);
    }

    /// <summary>Counts estimated from a sketch, for edges that the data were not counted on.</summary>
    public static EdgeHistogram OfSketch(TDigest sketch, IReadOnlyList<double> edges)
    {
        ArgumentNullException.ThrowIfNull(sketch);
        ArgumentNullException.ThrowIfNull(edges);
        long[] counts = new long[edges.Count + 1];
        long below = 0;
        for (int i = 0; i < edges.Count && sketch.Count > 0; i++)
        {
            long upTo = (long)Math.Round(sketch.Cdf(edges[i]) * sketch.Count);
            counts[i] = upTo - below;
            below = upTo;
        }

        counts[^1] = sketch.Count - below;
        return new EdgeHistogram(edges, counts, sketch.IsExact);
    }

    private static int LowerBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int UpperBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = sorted[middle] <= value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
