using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Levene's test of equal spread, in Brown and Forsythe's robust form.</summary>
/// <remarks>One-way analysis of variance of |x − median| per sample: W ~ F(1, n + m − 2). Levene (1960), Brown and Forsythe (1974). Robust to non-normal data. O(n log n).</remarks>
public static class Levene
{
    /// <summary>W and its p-value. Fewer than three values in all, or an empty sample: undefined; no spread at all: W = 0, p = 1.</summary>
    public static TestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double[] a = Samples.Sorted(first), b = Samples.Sorted(second);
        if (a.Length == 0 || b.Length == 0 || a.Length + b.Length < 3)
        {
            return TestResult.Undefined;
        }

        Moments da = Moments.Of(Deviations(a)), db = Moments.Of(Deviations(b));
        double n = da.Count, m = db.Count, mean = (n * da.Mean + m * db.Mean) / (n + m);
        double between = n * (da.Mean - mean) * (da.Mean - mean) + m * (db.Mean - mean) * (db.Mean - mean), within = da.M2 + db.M2;
        if (within == 0)
        {
            return between == 0 ? new TestResult(0, 1, n + m - 2) : new TestResult(double.PositiveInfinity, 0, n + m - 2);
        }

        double w = (n + m - 2) * between / within;
        return new TestResult(w, FDistribution.Sf(w, 1, n + m - 2), n + m - 2);
    }

    private static double[] Deviations(double[] sorted)
    {
        double median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return [.. sorted.Select(x => Math.Abs(x - median))];
    }
}
