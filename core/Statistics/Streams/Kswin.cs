using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Streams;

/// <summary>Kolmogorov–Smirnov windowing: the newest values against a random sample of the older ones in a sliding window. Sees any change of shape, not only of the mean.</summary>
/// <remarks>Raab, Heusinger, Schleif (2020). The published rule tests at every value with α = 0.005 and therefore alarms every few hundred values; by default this one tests once per
/// <c>newest</c> values, on disjoint new values and at a smaller α (see docs/calibration.md); by default it sees
/// distribution functions that are about 0.16 apart or more, so not an error rate that goes from 0.01 to 0.1. The sample is drawn by a hash of seed and count, so it resumes. O(window) a test, the window as state.</remarks>
/// <param name="alpha">Level of one test.</param>
/// <param name="window">Values kept.</param>
/// <param name="newest">How many of them are new.</param>
/// <param name="everyValue">Whether to test at every value, as published, also asking for a distance above 0.1 as common libraries do.</param>
/// <param name="seed">The seed.</param>
public sealed class Kswin(double alpha = 5e-4, int window = 1000, int newest = 200, bool everyValue = false, int seed = 1) : StreamDetector
{
    private readonly List<double> _values = [];
    private double _count;

    /// <summary>The settings of the paper: α = 0.005, window 100, newest 30, tested at every value.</summary>
    public static Kswin Published(int seed = 1) => new(0.005, 100, 30, true, seed);

    /// <inheritdoc/>
    protected override StreamSignal Next(double value)
    {
        _count++;
        if (_values.Count == window)
        {
            _values.RemoveAt(0);
        }

        _values.Add(value);
        if (_values.Count < window || (!everyValue && _count % newest != 0))
        {
            return StreamSignal.None;
        }

        double[] recent = [.. _values.Skip(window - newest)];
        double[] older = [.. _values.Take(window - newest)];
        if (everyValue)
        {
            ulong draw = StableHash.Mix((ulong)seed * 0x9E3779B97F4A7C15UL + (ulong)_count);
            older = [.. older.Select((v, i) => (v, Key: StableHash.Mix(draw + (ulong)i))).OrderBy(x => x.Key).Take(newest).Select(x => x.v)];
        }

        double[] a = [.. recent.Order()], b = [.. older.Order()];
        double distance = KolmogorovSmirnov.Statistic(a, b);

        // Counting paths takes longer than all the rest; from 100 new values on the asymptotic law is as good.
        double p = newest >= 100 ? KolmogorovSmirnov.AsymptoticPValue(distance, a.Length, b.Length) : KolmogorovSmirnov.ExactPValue(distance, a.Length, b.Length);
        if (p > alpha || (everyValue && distance <= 0.1))
        {
            return StreamSignal.None;
        }

        _values.RemoveRange(0, window - newest);
        _count = 0;
        return StreamSignal.Drift;
    }

    /// <inheritdoc/>
    protected override void Visit(StateVisitor state)
    {
        _count = state.Value(_count);
        state.List(_values);
    }
}
