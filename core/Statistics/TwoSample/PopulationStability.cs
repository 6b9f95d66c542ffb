using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Population stability index of two samples in the same bins, with the law it follows when nothing has changed.</summary>
/// <remarks>PSI = Σ(cᵢ − rᵢ)·ln(cᵢ/rᵢ) in nats, the Jeffreys divergence of the shares, each count raised by ½ so that empty bins stay finite. When both
/// samples are from one population PSI/(1/n + 1/m) tends to χ² with bins − 1 degrees of freedom (Yurdakul, "Statistical properties of population stability index",
/// 2018), so the p-value holds at any n where a fixed threshold of 0.1 or 0.2 fires on small windows and sleeps on large ones. O(bins).</remarks>
public static class PopulationStability
{
    /// <summary>The index and its p-value. Bins empty in both samples are left out; fewer than two others, or an empty sample: undefined.</summary>
    public static TestResult OfCounts(IReadOnlyList<long> reference, IReadOnlyList<long> window)
    {
        (double[] r, double[] w) = RareCategories.Pool(reference, window, 0);
        if (r.Length < 2 || r.Sum() == 0 || w.Sum() == 0)
        {
            return TestResult.Undefined;
        }

        double n = r.Sum() + 0.5 * r.Length, m = w.Sum() + 0.5 * w.Length, psi = 0;
        for (int i = 0; i < r.Length; i++)
        {
            double p = (r[i] + 0.5) / n, q = (w[i] + 0.5) / m;
            psi += (q - p) * Math.Log(q / p);
        }

        return new TestResult(psi, ChiSquare.Sf(psi / (1 / r.Sum() + 1 / w.Sum()), r.Length - 1), r.Length - 1);
    }
}
