using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Likelihood-ratio (G) test that two samples come from the same categories.</summary>
/// <remarks>G = 2·Σ observed·ln(observed/expected), χ² with k − 1 degrees of freedom (Wilks 1938). Adds over independent windows, where Pearson's χ² does not. Pooling and cost as <see cref="ChiSquareTest"/>.</remarks>
public static class GTest
{
    /// <summary>Compares counts per category. Fewer than two categories after pooling: undefined.</summary>
    public static TestResult OfCounts(IReadOnlyList<long> first, IReadOnlyList<long> second, double minimumExpected = ChiSquareTest.DefaultMinimumExpected)
    {
        (double[] a, double[] b) = RareCategories.Pool(first, second, minimumExpected);
        double n = a.Sum(), m = b.Sum();
        if (a.Length < 2 || n == 0 || m == 0)
        {
            return TestResult.Undefined;
        }

        double g = 0;
        for (int i = 0; i < a.Length; i++)
        {
            g += Term(a[i], (a[i] + b[i]) * (n / (n + m))) + Term(b[i], (a[i] + b[i]) * (m / (n + m)));
        }

        return new TestResult(Math.Max(0, 2 * g), ChiSquare.Sf(Math.Max(0, 2 * g), a.Length - 1), a.Length - 1);

        static double Term(double observed, double expected) => observed == 0 ? 0 : observed * Math.Log(observed / expected);
    }
}
