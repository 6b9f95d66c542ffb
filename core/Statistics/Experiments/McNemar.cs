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
}
