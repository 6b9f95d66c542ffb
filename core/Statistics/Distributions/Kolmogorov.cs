namespace Mlops.Core.Statistics.Distributions;

/// <summary>The distribution of the largest distance D between the distribution functions of a sample of n and of its population.</summary>
/// <remarks>Simard and L'Ecuyer, "Computing the two-sided Kolmogorov–Smirnov distribution" (2011), which names the best method per region: Ruben and Gambino at both
/// ends; the Durbin matrix of Marsaglia, Tsang and Wang (2003) for small n or small D; Pelz and Good's series (1976) in the body; twice the one-sided tail
/// (Miller 1956) above. Against SciPy: 1e-9 relative, 1e-6 where Pelz and Good's series is used.</remarks>
public static class Kolmogorov
{
    /// <summary>Beyond this n the O(n) sum of the one-sided tail gives way to its limit with Maag and Dicaire's correction (1971), relative error under 1e-4 there.</summary>
    private const double LargestSum = 200_000;

    /// <summary>P(D ≥ d) for n values; n is rounded, because an effective size n·m/(n + m) need not be whole.</summary>
    public static double Sf(double d, double n)
    {
        n = Math.Round(n, MidpointRounding.ToEven);
        if (double.IsNaN(d) || !(n >= 1))
        {
            return double.NaN;
        }

        double t = n * d, square = t * d;
        if (t <= 0.5 || d >= 1)
        {
            return d >= 1 ? 0 : 1;
        }

        if (t <= 1)
        {
            return 1 - Math.Exp(GammaFunctions.LogGamma(n + 1) + n * (Math.Log(2 * t - 1) - Math.Log(n)));
        }

        if (t >= n - 1)
        {
            return 2 * Math.Pow(1 - d, n);
        }

        if (d >= 0.5 || square >= (n <= 140 ? 4 : 2.2))
        {
            return square >= 370 ? 0 : Math.Min(1, 2 * OneSidedSf(d, n));
        }

        double cdf = n <= 140 || (n <= 100_000 && n * d * Math.Sqrt(d) <= 1.4) ? DurbinCdf((int)n, d) : PelzGoodCdf(n, d);
        return Math.Clamp(1 - cdf, 0, 1);
    }

    /// <summary>P(D⁺ ≥ d): Smirnov's sum d·Σⱼ C(n, j)·(d + j/n)^(j−1)·(1 − d − j/n)^(n−j) over j ≤ n(1 − d).</summary>
    public static double OneSidedSf(double d, double n)
    {
        if (d <= 0 || d >= 1)
        {
            return d <= 0 ? 1 : 0;
        }

        if (n > LargestSum)
        {
            double a = 6 * n * d + 1;
            return Math.Exp(-a * a / (18 * n));
        }

        double sum = 0;
        for (double j = 0; j <= n * (1 - d); j++)
        {
            double p = d + j / n, q = (n * (1 - d) - j) / n;
            sum += q <= 0 ? (j == n ? d / p : 0) : BetaFunctions.BinomialMass(j, n, p, q) * (d / p);
        }

        return Math.Min(1, sum);
    }

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

    /// <summary>n!/nⁿ times the middle element of Hⁿ, powers kept in range by an exponent of their own. O((n·d)³·log n).</summary>
    private static double DurbinCdf(int n, double d)
    {
        int k = (int)Math.Ceiling(n * d), m = 2 * k - 1;
        double h = k - n * d;
        double[,] matrix = new double[m, m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                matrix[i, j] = i - j + 1 < 0 ? 0 : 1;
            }
        }

        for (int i = 0; i < m; i++)
        {
            matrix[i, 0] -= Math.Pow(h, i + 1);
            matrix[m - 1, i] -= Math.Pow(h, m - i);
        }

        matrix[m - 1, 0] += 2 * h - 1 > 0 ? Math.Pow(2 * h - 1, m) : 0;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < i + 1; j++)
            {
                for (int g = 1; g <= i - j + 1; g++)
                {
                    matrix[i, j] /= g;
                }
            }
        }

        (double[,] power, int exponent) = Power(matrix, n, k - 1);
        double s = power[k - 1, k - 1];
        for (int i = 1; i <= n; i++)
        {
            s = s * i / n;
            if (s < 1e-140)
            {
                s *= 1e140;
                exponent -= 140;
            }
        }

        return s * Math.Pow(10, exponent);
    }

    private static (double[,] Power, int Exponent) Power(double[,] matrix, int n, int middle)
    {
        if (n == 1)
        {
            return (matrix, 0);
        }

        (double[,] half, int exponent) = Power(matrix, n / 2, middle);
        double[,] result = Multiply(half, half);
        exponent *= 2;
        if (n % 2 == 1)
        {
            result = Multiply(matrix, result);
        }

        if (result[middle, middle] > 1e140)
        {
            exponent += 140;
            for (int i = 0; i < result.GetLength(0); i++)
            {
                for (int j = 0; j < result.GetLength(1); j++)
                {
                    result[i, j] *= 1e-140;
                }
            }
        }

        return (result, exponent);
    }

    private static double[,] Multiply(double[,] a, double[,] b)
    {
        int m = a.GetLength(0);
        double[,] c = new double[m, m];
        for (int i = 0; i < m; i++)
        {
            for (int k = 0; k < m; k++)
            {
                double x = a[i, k];
                for (int j = 0; j < m && x != 0; j++)
                {
                    c[i, j] += x * b[k, j];
                }
            }
        }

        return c;
    }

    private static double PelzGoodCdf(double n, double d)
    {
        double z = Math.Sqrt(n) * d, z2 = z * z, z4 = z2 * z2, z6 = z4 * z2, pi2 = Math.PI * Math.PI;
        double k0 = 0, k1 = 0, k2 = 0, k2Whole = 0, k3 = 0, k3Whole = 0;
        for (int k = 20; k >= 0; k--)
        {
            double a = (k + 0.5) * (k + 0.5) * pi2, e = 2 * Math.Exp(-a / (2 * z2));
            k0 += e / 2;
            k1 += (a - z2) * e;
            k2 += (6 * z6 + 2 * z4 + a * (2 * z4 - 5 * z2) + a * a * (1 - 2 * z2)) * e;
            k3 += (a * a * a * (5 - 30 * z2) + a * a * (-60 * z2 + 212 * z4) + a * (135 * z4 - 96 * z6) - 30 * z6 - 90 * z6 * z2) * e;
            double b = (double)k * k * pi2, f = 2 * Math.Exp(-b / (2 * z2));
            k2Whole += b * f;
            k3Whole += (-b * b + 3 * b * z2) * f;
        }

        double root = Math.Sqrt(Math.PI / 2), s = Math.Sqrt(n);
        return 2 * root / z * k0
            + root / (6 * z4) * k1 / s
            + (root / (72 * z6 * z) * k2 - root / (36 * z2 * z) * k2Whole) / n
            + (root / (6480 * z6 * z4) * k3 + root / (216 * z6) * k3Whole) / (n * s);
    }
}
