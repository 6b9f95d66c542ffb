namespace Mlops.Core.Traffic;

/// <summary>Durations counted in fixed bins from 1 ms to 30 s: small, mergeable, the same on every instance. Immutable.</summary>
/// <param name="Counts">One count per bin: bin i holds Edges[i−1] &lt; ms ≤ Edges[i]; the last one is open.</param>
public sealed record LatencyHistogram(IReadOnlyList<long> Counts)
{
    /// <summary>Upper edges in milliseconds.</summary>
    public static IReadOnlyList<double> Edges { get; } = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 2000, 5000, 10000, 30000];

    /// <summary>Nothing counted.</summary>
    public static LatencyHistogram Empty { get; } = new(new long[Edges.Count + 1]);

    /// <summary>Requests counted.</summary>
    public long Total => Counts.Sum();

    /// <summary>Counts durations in milliseconds; NaN and negative ones are refused.</summary>
    public static LatencyHistogram Of(IEnumerable<double> milliseconds)
    {
        ArgumentNullException.ThrowIfNull(milliseconds);
        long[] counts = new long[Edges.Count + 1];
        foreach (double duration in milliseconds)
        {
            if (!(duration >= 0))
            {
                throw new ArgumentOutOfRangeException(nameof(milliseconds), duration, "A duration is at least 0 ms.");
            }

            int bin = 0;
            while (bin < Edges.Count && duration > Edges[bin])
            {
                bin++;
            }

            counts[bin]++;
        }

        return new LatencyHistogram(counts);
    }

    /// <summary>Both together.</summary>
    public LatencyHistogram Merge(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new LatencyHistogram([.. Counts.Zip(other.Counts, (a, b) => a + b)]);
    }

    /// <summary>Requests slower than edge <paramref name="edge"/> (index into <see cref="Edges"/>).</summary>
    public long SlowerThan(int edge) => Counts.Skip(edge + 1).Sum();

    /// <summary>Requests slower than <paramref name="milliseconds"/>, rounded up to the next edge; beyond the last edge those slower than that one, which may be too many but never too few.</summary>
    public long SlowerThan(double milliseconds) => SlowerThan(Math.Min(Edges.TakeWhile(e => e < milliseconds).Count(), Edges.Count - 1));

    /// <summary>The duration at rank <paramref name="q"/>, interpolated inside its bin; NaN when nothing was counted.</summary>
    public double Quantile(double q)
    {
        double target = Math.Clamp(q, 0, 1) * Total, below = 0;
        for (int i = 0; i < Counts.Count; i++)
        {
            if (Counts[i] > 0 && below + Counts[i] >= target)
            {
                double from = i == 0 ? 0 : Edges[i - 1], to = i < Edges.Count ? Edges[i] : Edges[^1];
                return from + (to - from) * ((target - below) / Counts[i]);
            }

            below += Counts[i];
        }

        return double.NaN;
    }

    /// <summary>Equal counts are equal histograms.</summary>
    public bool Equals(LatencyHistogram? other) => other is not null && Counts.SequenceEqual(other.Counts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Counts.Count, Counts.Sum());
}
