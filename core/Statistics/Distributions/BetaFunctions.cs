namespace Mlops.Core.Statistics.Distributions;

/// <summary>The regularised incomplete beta function and the binomial probabilities it sums.</summary>
/// <remarks>Continued fraction of DiDonato and Morris (ACM TOMS 708, 1992) with Lentz's evaluation and Loader's saddle-point prefix; the smaller tail is computed
/// directly. Math.NET's version loses relative accuracy for parameters above 10⁴, which is every proportion of a real month of traffic. O(√max(a, b)).</remarks>
public static class BetaFunctions
{
    /// <summary>I_x(a, b): the chance that a Beta(a, b) variable is at most x in [0, 1].</summary>
    public static double Regularized(double a, double b, double x)
    {
        if (!(a > 0) || !(b > 0) || double.IsNaN(x))
        {
            return double.NaN;
        }

        return x <= 0 ? 0 : x >= 1 ? 1 : x <= a / (a + b) ? Fraction(a, b, x, 1 - x) : 1 - Fraction(b, a, 1 - x, x);
    }

    /// <summary>1 − I_x(a, b), accurate in the right tail.</summary>
    public static double UpperRegularized(double a, double b, double x)
    {
        if (!(a > 0) || !(b > 0) || double.IsNaN(x))
        {
            return double.NaN;
        }

        return x <= 0 ? 1 : x >= 1 ? 0 : x <= a / (a + b) ? 1 - Fraction(a, b, x, 1 - x) : Fraction(b, a, 1 - x, x);
    }

    /// <summary>The binomial probability of k successes in n trials (reals allowed, 0 ≤ k ≤ n).</summary>
    public static double BinomialMass(double k, double n, double p) => BinomialMass(k, n, p, 1 - p);

    internal static double BinomialMass(double k, double n, double p, double q)
    {
        if (k < 0 || k > n)
        {
            return 0;
        }

        if (p <= 0)
        {
            return k == 0 ? 1 : 0;
        }

        if (q <= 0)
        {
            return k == n ? 1 : 0;
        }

        if (n == 0)
        {
            return 1;
        }

        if (k == 0)
        {
            return p < 0.1 ? Math.Exp(-GammaFunctions.Deviance(n, n * q) - n * p) : Math.Exp(n * Math.Log(q));
        }

        if (k == n)
        {
            return q < 0.1 ? Math.Exp(-GammaFunctions.Deviance(n, n * p) - n * q) : Math.Exp(n * Math.Log(p));
        }

        double exponent = GammaFunctions.StirlingError(n) - GammaFunctions.StirlingError(k) - GammaFunctions.StirlingError(n - k)
            - GammaFunctions.Deviance(k, n * p) - GammaFunctions.Deviance(n - k, n * q);
        return Math.Exp(exponent) * Math.Sqrt(n / (2 * Math.PI * k * (n - k)));
    }

    private static double Fraction(double a, double b, double x, double y)
    {
        // x^a·y^b/(a·B(a, b)) as a binomial mass: Γ(a+b+1)/(Γ(a+1)·Γ(b+1))·x^a·y^b · b/(a+b).
        double prefix = BinomialMass(a, a + b, x, y) * (b / (a + b));
        const double tiny = 1e-300;
        double c = 1, d = 1 - (a + b) * x / (a + 1);
        d = 1 / (Math.Abs(d) < tiny ? tiny : d);
        double h = d;
        for (int m = 1; m < 1_000_000; m++)
        {
            double even = m * (b - m) * x / ((a + 2.0 * m - 1) * (a + 2.0 * m));
            d = 1 + even * d;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + even / c;
            c = Math.Abs(c) < tiny ? tiny : c;
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1));
            d = 1 + odd * d;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + odd / c;
            c = Math.Abs(c) < tiny ? tiny : c;
            double delta = d * c;
            h *= delta;
            if (Math.Abs(delta - 1) < 1e-16)
            {
                break;
            }
        }

        return Math.Min(1, prefix * h);
    }
}
