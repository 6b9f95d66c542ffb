namespace Mlops.Core.Statistics.Distributions;

/// <summary>The χ² distribution.</summary>
public static class ChiSquare
{
    /// <summary>P(X &gt; x) for <paramref name="degrees"/> &gt; 0 degrees of freedom, accurate in the far tail.</summary>
    public static double Sf(double x, double degrees) => GammaFunctions.UpperRegularized(degrees / 2, x / 2);

    /// <summary>P(X ≤ x).</summary>
    public static double Cdf(double x, double degrees) => GammaFunctions.LowerRegularized(degrees / 2, x / 2);

    /// <summary>The x with P(X &gt; x) = <paramref name="p"/>, by bisection on the scale of x to 1e-12.</summary>
    public static double UpperQuantile(double p, double degrees)
    {
        if (!(p > 0 && p <= 1))
        {
            return p == 0 ? double.PositiveInfinity : double.NaN;
        }

        double low = 0, high = degrees + 10;
        while (Sf(high, degrees) > p)
        {
            high *= 2;
        }

        while (high - low > 1e-12 * high)
        {
            double middle = low + (high - low) / 2;
            if (middle == low || middle == high)
            {
                break;
            }

            (low, high) = Sf(middle, degrees) > p ? (middle, high) : (low, middle);
        }

        return high;
    }
}
