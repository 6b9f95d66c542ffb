using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>How many rows an experiment needs, and what it can find. All two-sided; results are real numbers of the first arm, to be rounded up.</summary>
public static class SampleSize
{
    /// <summary>Rows of the first arm to tell p₁ from p₂, with each arm's own variance: (z_{1−α/2} + z_power)²·(p₁q₁ + p₂q₂/ratio)/(p₁ − p₂)².</summary>
    /// <param name="p1">Proportion of the first arm.</param>
    /// <param name="p2">Proportion of the second arm.</param>
    /// <param name="alpha">Two-sided error rate.</param>
    /// <param name="power">Chance to find the difference.</param>
    /// <param name="ratio">Rows of the second arm per row of the first.</param>
    public static double OfProportions(double p1, double p2, double alpha = 0.05, double power = 0.8, double ratio = 1)
    {
        double z = -Normal.Quantile(alpha / 2) + Normal.Quantile(power);
        return z * z * (p1 * (1 - p1) + p2 * (1 - p2) / ratio) / ((p1 - p2) * (p1 - p2));
    }

    /// <summary>The same with the pooled variance under the null hypothesis, as the z test uses it (Fleiss 1981).</summary>
    public static double OfProportionsPooled(double p1, double p2, double alpha = 0.05, double power = 0.8, double ratio = 1)
    {
        double pooled = (p1 + ratio * p2) / (1 + ratio);
        double sum = -Normal.Quantile(alpha / 2) * Math.Sqrt(pooled * (1 - pooled) * (1 + 1 / ratio)) + Normal.Quantile(power) * Math.Sqrt(p1 * (1 - p1) + p2 * (1 - p2) / ratio);
        return sum * sum / ((p1 - p2) * (p1 - p2));
    }

    /// <summary>The same on the variance-stabilised scale (Cohen's h = 2·asin√p₁ − 2·asin√p₂), good for small proportions.</summary>
    public static double OfProportionsArcsine(double p1, double p2, double alpha = 0.05, double power = 0.8, double ratio = 1)
    {
        double h = 2 * Math.Asin(Math.Sqrt(p1)) - 2 * Math.Asin(Math.Sqrt(p2));
        return OfMeans(h, alpha, power, ratio);
    }

    /// <summary>Rows of the first arm to find a difference of means of <paramref name="effect"/> standard deviations, by the normal law.</summary>
    public static double OfMeans(double effect, double alpha = 0.05, double power = 0.8, double ratio = 1)
    {
        // Both tails of the two-sided test count, so the simple formula is the start and bisection the answer.
        double z = -Normal.Quantile(alpha / 2) + Normal.Quantile(power), guess = z * z * (1 + 1 / ratio) / (effect * effect), low = 0, high = 2 * guess;
        for (int i = 0; i < 200 && high - low > 1e-12 * high; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = PowerOfMeans(effect, middle, alpha, ratio) < power ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>Chance to find a difference of <paramref name="effect"/> standard deviations with <paramref name="rows"/> in the first arm.</summary>
    public static double PowerOfMeans(double effect, double rows, double alpha = 0.05, double ratio = 1)
    {
        double shift = Math.Abs(effect) * Math.Sqrt(rows / (1 + 1 / ratio)), z = -Normal.Quantile(alpha / 2);
        return Normal.Sf(z - shift) + Normal.Cdf(-z - shift);
    }

    /// <summary>Chance to tell p₁ from p₂ with <paramref name="rows"/> in the first arm, on the arcsine scale.</summary>
    public static double PowerOfProportions(double p1, double p2, double rows, double alpha = 0.05, double ratio = 1) =>
        PowerOfMeans(2 * Math.Asin(Math.Sqrt(p1)) - 2 * Math.Asin(Math.Sqrt(p2)), rows, alpha, ratio);
}
