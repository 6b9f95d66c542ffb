namespace Mlops.Core.Statistics.Distributions;

/// <summary>The distribution of the largest distance between a sample's and its true distribution function.</summary>
public static class Kolmogorov
{
    /// <summary>P(√n·D &gt; z) in the limit n → ∞: 2·Σ(−1)^(k−1)·e^(−2k²z²), by Jacobi's other series for small z.</summary>
    public static double LimitSf(double z)
    {
        if (double.IsNaN(z))
        {
            return double.NaN;
        }

        if (z <= 0)
        {
            return 1;
        }

        if (z < 1)
        {
            double factor = Math.Sqrt(2 * Math.PI) / z, exponent = -Math.PI * Math.PI / (8 * z * z), cdf = 0;
            for (int k = 1; k < 20; k += 2)
            {
                cdf += Math.Exp(exponent * k * k);
            }

            return Math.Max(0, 1 - factor * cdf);
        }

        double sum = 0;
        for (int k = 1, sign = 1; k < 100; k++, sign = -sign)
        {
            double term = Math.Exp(-2.0 * k * k * z * z);
            sum += sign * term;
            if (term < 1e-17 * sum)
            {
                break;
            }
        }

        return Math.Min(1, 2 * sum);
    }
}
