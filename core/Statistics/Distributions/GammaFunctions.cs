using MathNet.Numerics;

namespace Mlops.Core.Statistics.Distributions;

/// <summary>The regularised incomplete gamma functions P and Q and the saddle-point pieces that the binomial family shares.</summary>
/// <remarks>Math.NET's versions lose digits in the far tails and for shapes above 10⁴ (the prefix e^(a·ln x − x − lnΓ(a)) cancels). Here the prefix is Loader's
/// saddle-point form ("Fast and accurate computation of binomial probabilities", 2000), accurate to a few units in the last place at any size; P by its series below
/// the mean, Q by Lentz's continued fraction above, so that each tail is computed directly and never as 1 minus the other. O(√a) near the mean.</remarks>
public static class GammaFunctions
{
    private const double Tiny = 1e-300;

    /// <summary>P(a, x): the chance that a gamma variable of shape <paramref name="a"/> &gt; 0 is at most <paramref name="x"/> ≥ 0.</summary>
    public static double LowerRegularized(double a, double x)
    {
        if (!(a > 0) || double.IsNaN(x))
        {
            return double.NaN;
        }

        return x <= 0 ? 0 : double.IsPositiveInfinity(x) ? 1 : x < a + 1 ? Series(a, x) : 1 - Fraction(a, x);
    }

    /// <summary>Q(a, x) = 1 − P(a, x), accurate in the far right tail.</summary>
    public static double UpperRegularized(double a, double x)
    {
        if (!(a > 0) || double.IsNaN(x))
        {
            return double.NaN;
        }

        return x <= 0 ? 1 : double.IsPositiveInfinity(x) ? 0 : x < a + 1 ? 1 - Series(a, x) : Fraction(a, x);
    }

    /// <summary>The Poisson probability of <paramref name="k"/> ≥ 0 (real allowed) at mean <paramref name="mean"/>: e^(−mean)·mean^k/Γ(k + 1).</summary>
    public static double PoissonMass(double k, double mean)
    {
        if (mean == 0)
        {
            return k == 0 ? 1 : 0;
        }

        if (k == 0)
        {
            return Math.Exp(-mean);
        }

        return k < 1e-3
            ? Math.Exp(k * Math.Log(mean) - mean - SpecialFunctions.GammaLn(k + 1))
            : Math.Exp(-StirlingError(k) - Deviance(k, mean)) / Math.Sqrt(2 * Math.PI * k);
    }

    /// <summary>ln Γ(n + 1) − ((n + ½)·ln n − n + ½·ln 2π), the error of Stirling's formula.</summary>
    public static double StirlingError(double n)
    {
        if (n < 15)
        {
            return LogGamma(n + 1) - (n + 0.5) * Math.Log(n) + n - 0.5 * Math.Log(2 * Math.PI);
        }

        double s = n * n;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188 - 691.0 / 360360 / s) / s) / s) / s) / s) / n;
    }

    /// <summary>x·ln(x/mean) + mean − x without cancellation.</summary>
    public static double Deviance(double x, double mean)
    {
        if (Math.Abs(x - mean) < 0.1 * (x + mean))
        {
            double v = (x - mean) / (x + mean), sum = (x - mean) * v, term = 2 * x * v, square = v * v;
            for (int j = 1; j < 1000; j++)
            {
                term *= square;
                double next = sum + term / (2 * j + 1);
                if (next == sum)
                {
                    return next;
                }

                sum = next;
            }
        }

        return x * Math.Log(x / mean) + mean - x;
    }

    /// <summary>ln Γ(x) for x &gt; 0, by Stirling's series after shifting the argument above 15.</summary>
    public static double LogGamma(double x)
    {
        if (!(x > 0))
        {
            return double.NaN;
        }

        if (x is 1 or 2)
        {
            return 0;
        }

        double product = 1, shifted = x;
        while (shifted < 16)
        {
            product *= shifted;
            shifted += 1;
        }

        double n = shifted - 1;
        double value = (n + 0.5) * Math.Log(n) - n + 0.5 * Math.Log(2 * Math.PI) + StirlingError(n);
        return value - Math.Log(product);
    }

    private static double Series(double a, double x)
    {
        double sum = 1, term = 1;
        for (double k = a + 1; term > sum * 1e-17 && k < a + 10_000_000; k++)
        {
            term *= x / k;
            sum += term;
        }

        return Math.Min(1, sum * PoissonMass(a, x));
    }

    private static double Fraction(double a, double x)
    {
        // The prefix x^a·e^(−x)/Γ(a) is a times the Poisson mass.
        double b = x + 1 - a, c = 1 / Tiny, d = 1 / b, h = d;
        for (int i = 1; i < 10_000_000; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = an * d + b;
            d = Math.Abs(d) < Tiny ? Tiny : d;
            c = b + an / c;
            c = Math.Abs(c) < Tiny ? Tiny : c;
            d = 1 / d;
            double delta = d * c;
            h *= delta;
            if (Math.Abs(delta - 1) < 1e-16)
            {
                break;
            }
        }

        return Math.Min(1, h * a * PoissonMass(a, x));
    }
}
