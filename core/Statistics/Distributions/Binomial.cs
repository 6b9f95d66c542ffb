namespace Mlops.Core.Statistics.Distributions;

/// <summary>The binomial distribution.</summary>
public static class Binomial
{
    /// <summary>P(X ≤ k) in n trials of chance p.</summary>
    public static double Cdf(double k, double n, double p) =>
        k < 0 ? 0 : k >= n ? 1 : p <= 0 ? 1 : p >= 1 ? 0 : BetaFunctions.UpperRegularized(Math.Floor(k) + 1, n - Math.Floor(k), p);

    /// <summary>P(X ≥ k) in n trials of chance p.</summary>
    public static double AtLeast(double k, double n, double p) =>
        k <= 0 ? 1 : k > n ? 0 : p <= 0 ? 0 : p >= 1 ? 1 : BetaFunctions.Regularized(Math.Ceiling(k), n - Math.Ceiling(k) + 1, p);
}
