using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>McNemar's test: two models judged right or wrong on the same rows, as in shadow traffic.</summary>
/// <remarks>Only rows where they disagree count: given b + c of them, b is binomial with chance ½ when both are equally good. McNemar (1947), exact at any size. O(1).</remarks>
public static class McNemar
{
    /// <summary>Statistic min(b, c) and the exact two-sided p-value; p = 1 without disagreement.</summary>
    /// <param name="onlyFirst">b: rows only the first got right.</param>
    /// <param name="onlySecond">c: rows only the second got right.</param>
    public static TestResult Test(long onlyFirst, long onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        long smaller = Math.Min(onlyFirst, onlySecond), both = onlyFirst + onlySecond;
        return new TestResult(smaller, both == 0 ? 1 : Math.Min(1, 2 * Binomial.Cdf(smaller, both, 0.5)));
    }

    /// <summary>One-sided bounds of the first's accuracy less the second's, at error rate <paramref name="alpha"/> each; (−1, 1) without rows.</summary>
    /// <remarks>Tango's score interval (1998) with Edwards' continuity correction (1948): all Δ that (b − c − nΔ ∓ 1)/√(n(2q + Δ(1 − Δ))) does not reject, where q is the likeliest share of rows that only the second
    /// gets right under Δ. At Δ = 0 it is McNemar's corrected test, which is almost the exact one; the plain score interval would call 3 : 0 proven at 5 %. O(1).</remarks>
    /// <param name="onlyFirst">b: rows only the first got right.</param>
    /// <param name="onlySecond">c: rows only the second got right.</param>
    /// <param name="rows">n: all rows, those on which both agree included.</param>
    /// <param name="alpha">How often each bound may be wrong, inside (0, 0.5).</param>
    public static (double Lower, double Upper) Bounds(long onlyFirst, long onlySecond, long rows, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(onlyFirst + onlySecond, rows);
        double z = -Normal.Quantile(alpha);
        return rows == 0 ? (-1, 1) : (Lower(onlyFirst, onlySecond, rows, z), -Lower(onlySecond, onlyFirst, rows, z));
    }

    private static double Lower(double b, double c, double n, double z)
    {
        double low = -1, high = (b - c) / n;
        for (int i = 0; i < 100 && high - low > 1e-15; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = IsRejected(middle) ? (middle, high) : (low, middle);
        }

        return low;

        bool IsRejected(double delta)
        {
            double linear = (2 * n - b + c) * delta - b - c, q = (-linear + Math.Sqrt(linear * linear + 8 * n * c * delta * (1 - delta))) / (4 * n);
            return b - c - n * delta - 1 >= z * Math.Sqrt(Math.Max(0, n * (2 * q + delta * (1 - delta))));
        }
    }
}
