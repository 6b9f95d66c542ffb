using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Pearson's χ² test that two samples come from the same categories.</summary>
/// <remarks>Σ(observed − expected)²/expected over the 2 × k table, χ² with k − 1 degrees of freedom. Pearson (1900). The approximation needs expected counts of
/// about 5, hence pooling. O(k).</remarks>
public static class ChiSquareTest
{
    /// <summary>The expected count in the smaller sample below which a category is pooled with the other rare ones.</summary>
    public const double DefaultMinimumExpected = 5;

    /// <summary>Compares counts per category. Fewer than two categories after pooling: undefined.</summary>
    /// <param name="first">Counts of one sample.</param>
    /// <param name="second">Counts of the other, same order.</param>
    /// <param name="minimumExpected">See <see cref="DefaultMinimumExpected"/>; 0 pools nothing but drops categories empty in both.</param>
    public static TestResult OfCounts(IReadOnlyList<long> first, IReadOnlyList<long> second, double minimumExpected = DefaultMinimumExpected)
    {
        (double[] a, double[] b) = RareCategories.Pool(first, second, minimumExpected);
        double n = a.Sum(), m = b.Sum();
        if (a.Length < 2 || n == 0 || m == 0)
        {
            return TestResult.Undefined;
        }

        double statistic = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double expectedA = (a[i] + b[i]) * (n / (n + m)), expectedB = (a[i] + b[i]) * (m / (n + m));
            statistic += (a[i] - expectedA) * (a[i] - expectedA) / expectedA + (b[i] - expectedB) * (b[i] - expectedB) / expectedB;
        }

        return new TestResult(statistic, ChiSquare.Sf(statistic, a.Length - 1), a.Length - 1);
    }
}
