namespace Mlops.Core.Statistics.Distributions;

/// <summary>Student's t distribution with real degrees of freedom.</summary>
public static class StudentT
{
    /// <summary>P(T &gt; t), accurate in the far tail.</summary>
    public static double Sf(double t, double degrees)
    {
        if (double.IsNaN(t) || !(degrees > 0))
        {
            return double.NaN;
        }

        if (double.IsPositiveInfinity(degrees))
        {
            return Normal.Sf(t);
        }

        double square = t * t;
        double half = double.IsPositiveInfinity(square) ? 0
            : square < degrees
                ? BetaFunctions.UpperRegularized(0.5, degrees / 2, square / (degrees + square)) / 2
                : BetaFunctions.Regularized(degrees / 2, 0.5, degrees / (degrees + square)) / 2;
        return t >= 0 ? half : 1 - half;
    }

    /// <summary>P(|T| &gt; |t|).</summary>
    public static double TwoSided(double t, double degrees) => Math.Min(1, 2 * Sf(Math.Abs(t), degrees));

    /// <summary>The t with P(T &gt; t) = <paramref name="p"/> in (0, 1).</summary>
    public static double UpperQuantile(double p, double degrees)
    {
        if (!(p > 0 && p < 1))
        {
            return p == 0 ? double.PositiveInfinity : p == 1 ? double.NegativeInfinity : double.NaN;
        }

        if (p > 0.5)
        {
            return -UpperQuantile(1 - p, degrees);
        }

        double low = 0, high = 1;
        while (Sf(high, degrees) > p)
        {
            low = high;
            high *= 2;
        }

        for (int i = 0; i < 200 && high - low > 1e-14 * high; i++)
        {
            double middle = low + (high - low) / 2;
            (low, high) = Sf(middle, degrees) > p ? (middle, high) : (low, middle);
        }

        return high;
    }
}
