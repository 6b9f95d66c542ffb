namespace Mlops.Core.Statistics.Sequential;

/// <summary>An interval for a mean, or a difference of means, that holds at all times at once.</summary>
/// <remarks>Normal mixture boundary (Robbins 1970; Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence
/// sequences", 2021): with standard error s after information t = 1/s², half-width = s·√((1 + 1/(t·τ²))·ln((1 + t·τ²)/α²)). Exact for normal data of known variance;
/// for others asymptotic, so nothing is said below 30 observations an arm.</remarks>
public static class MeanConfidenceSequence
{
    /// <summary>Half the width of the two-sided interval.</summary>
    /// <param name="standardError">Of the estimate, ≥ 0.</param>
    /// <param name="scale">τ: the size of effect for which the interval is tightest, in the unit of the estimate; fixed before the data are seen.</param>
    /// <param name="alpha">Chance that the interval ever misses.</param>
    public static double HalfWidth(double standardError, double scale, double alpha)
    {
        if (standardError == 0)
        {
            return 0;
        }

        double ratio = scale * scale / (standardError * standardError);
        return standardError * Math.Sqrt((1 + 1 / ratio) * (Math.Log(1 + ratio) - 2 * Math.Log(alpha)));
    }
}
