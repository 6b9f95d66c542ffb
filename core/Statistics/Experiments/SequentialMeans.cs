using Mlops.Core.Statistics.Sequential;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>Two means, always valid: the mixture sequential probability ratio test.</summary>
/// <remarks>Robbins (1970); Johari, Koomen, Pekelis, Walsh (2017): Λ = √(s²/(s² + τ²))·e^(τ²d²/(2s²(s² + τ²))) with difference d and standard error s. Asymptotic for non-normal data, hence silent below
/// <see cref="MinimumRows"/> an arm. O(1).</remarks>
public static class SequentialMeans
{
    /// <summary>Rows an arm before anything is said.</summary>
    public const int MinimumRows = 30;

    /// <summary>The always-valid p-value min(1, 1/Λ). Keep the smallest seen so far; reject at or below α.</summary>
    /// <param name="first">Moments of the first arm.</param>
    /// <param name="second">Moments of the second arm.</param>
    /// <param name="scale">τ: the effect one hopes for, in the unit of the metric, fixed before the data are seen. A wrong τ costs power, never validity.</param>
    public static double PValue(Moments first, Moments second, double scale)
    {
        if (first.Count < MinimumRows || second.Count < MinimumRows)
        {
            return 1;
        }

        double square = first.Variance / first.Count + second.Variance / second.Count, difference = second.Mean - first.Mean, tau = scale * scale;
        if (square == 0)
        {
            return difference == 0 ? 1 : 0;
        }

        double log = 0.5 * Math.Log(square / (square + tau)) + tau * difference * difference / (2 * square * (square + tau));
        return Math.Min(1, Math.Exp(-log));
    }

    /// <summary>An interval of the difference second − first that holds at all times at once with probability 1 − α; infinite below <see cref="MinimumRows"/>.</summary>
    public static (double Lower, double Upper) Interval(Moments first, Moments second, double scale, double alpha)
    {
        if (first.Count < MinimumRows || second.Count < MinimumRows)
        {
            return (double.NegativeInfinity, double.PositiveInfinity);
        }

        double half = MeanConfidenceSequence.HalfWidth(Math.Sqrt(first.Variance / first.Count + second.Variance / second.Count), scale, alpha);
        return (second.Mean - first.Mean - half, second.Mean - first.Mean + half);
    }
}
