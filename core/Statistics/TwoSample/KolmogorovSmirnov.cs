using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Two-sample Kolmogorov–Smirnov test.</summary>
public static class KolmogorovSmirnov
{
    /// <summary>Two-sided p-value of the distance <paramref name="d"/> between samples of n and m values.</summary>
    public static double AsymptoticPValue(double d, double n, double m)
    {
        double root = Math.Sqrt(n * m / (n + m));
        return Kolmogorov.LimitSf((root + 0.12 + 0.11 / root) * d);
    }
}
