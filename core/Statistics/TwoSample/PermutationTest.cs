namespace Mlops.Core.Statistics.TwoSample;

/// <summary>A p-value for any statistic: how often a random relabelling of the pooled values gives at least as much.</summary>
/// <remarks>p = (1 + #{T* ≥ T})/(1 + resamples), which is valid at any size (Phipson and Smyth 2010), not only on average. Needs exchangeable rows. O(resamples · cost of the statistic).</remarks>
public static class PermutationTest
{
    /// <summary>The statistic and its p-value; larger must mean more different. An empty sample: undefined.</summary>
    /// <param name="first">One sample; NaN is left out.</param>
    /// <param name="second">The other.</param>
    /// <param name="statistic">Of two samples, in any order of values; must not change them.</param>
    /// <param name="resamples">Relabellings; the default is 999, so the smallest p-value is 0.001.</param>
    /// <param name="seed">The seed.</param>
    public static TestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Func<double[], double[], double> statistic, int resamples = 999, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        double[] a = Samples.Present(first), b = Samples.Present(second), pooled = [.. a, .. b];
        if (a.Length == 0 || b.Length == 0)
        {
            return TestResult.Undefined;
        }

        // Sorting first makes the result independent of the order of rows.
        double seen = statistic(a, b);
        Array.Sort(pooled);
        Random random = new(seed);
        int atLeast = 1;
        double tolerance = 1e-12 * Math.Abs(seen);
        for (int r = 0; r < resamples; r++)
        {
            random.Shuffle(pooled);
            atLeast += statistic(pooled[..a.Length], pooled[a.Length..]) >= seen - tolerance ? 1 : 0;
        }

        return new TestResult(seen, (double)atLeast / (resamples + 1));
    }

    /// <summary>Wasserstein-1 with its p-value.</summary>
    public static TestResult OfWasserstein(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int resamples = 999, int seed = 1) =>
        Test(first, second, (a, b) => Wasserstein.Of(a, b), resamples, seed);

    /// <summary>Energy distance with its p-value.</summary>
    public static TestResult OfEnergy(ReadOnlySpan<double> first, ReadOnlySpan<double> second, int resamples = 999, int seed = 1) =>
        Test(first, second, (a, b) => EnergyDistance.Of(a, b), resamples, seed);
}
