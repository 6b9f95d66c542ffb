using MathNet.Numerics;

namespace Mlops.Core.Statistics.Distributions;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    /// <summary>P(Z ≤ z).</summary>
    public static double Cdf(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));

    /// <summary>P(Z &gt; z), accurate in the far tail.</summary>
    public static double Sf(double z) => 0.5 * SpecialFunctions.Erfc(z / Math.Sqrt(2));

    /// <summary>The density at <paramref name="z"/>.</summary>
    public static double Density(double z) => Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);

    /// <summary>P(|Z| &gt; |z|).</summary>
    public static double TwoSided(double z) => Math.Min(1, SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2)));

    /// <summary>The z with P(Z ≤ z) = <paramref name="p"/>; ±∞ at 0 and 1.</summary>
    public static double Quantile(double p)
    {
        if (double.IsNaN(p) || p < 0 || p > 1)
        {
            return double.NaN;
        }

        if (p is 0 or 1)
        {
            return p == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }

        if (p > 0.5)
        {
            return -Quantile(1 - p);
        }

        double z = -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * p);

        // One Newton step on the logarithm of the tail removes what the rational approximation leaves.
        double cdf = Cdf(z);
        return cdf > 0 ? z - cdf * Math.Log(cdf / p) / Density(z) : z;
    }
}
