using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Wasserstein-1 distance: how far the average value must move to turn one sample into the other, in the unit of the column.</summary>
/// <remarks>W₁ = ∫|F(x) − G(x)| dx = ∫|F⁻¹(u) − G⁻¹(u)| du. A distance, not a test: it grows with noise in small samples, hence never compared with a fixed
/// threshold alone.</remarks>
public static class Wasserstein
{
    private const int Ranks = 512;

    /// <summary>The distance between two sketched samples, by their quantiles at 512 evenly spaced ranks; NaN when one is empty. O(512 · centroids).</summary>
    public static double OfSketches(TDigest first, TDigest second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double sum = 0;
        for (int i = 0; i < Ranks; i++)
        {
            double u = (i + 0.5) / Ranks;
            sum += Math.Abs(first.Quantile(u) - second.Quantile(u));
        }

        return sum / Ranks;
    }
}
