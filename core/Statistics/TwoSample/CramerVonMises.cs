using MathNet.Numerics;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Two-sample Cramér–von Mises test: the squared gap between both distribution functions, integrated.</summary>
/// <remarks>T = nm/(n + m)²·Σ(F − G)² over all values (Anderson 1962). More power than Kolmogorov–Smirnov against broad changes. Exact by counting
/// (Xiao, Gordon, Yakovlev 2007) while both samples have at most 20 values, O(n²m²) states; otherwise the limiting law, whose series of Bessel functions converges in a few terms.
/// Tied values are one step of both functions, which is conservative; the usual form by mid-ranks, equal without ties, makes tied data look different from themselves.</remarks>
public static class CramerVonMises
{
    private const int LargestExact = 20;

    /// <summary>T and its p-value; a sample below two values: undefined.</summary>
    public static TestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double[] a = Samples.Sorted(first), b = Samples.Sorted(second);
        double n = a.Length, m = b.Length, total = n + m;
        if (n < 2 || m < 2)
        {
            return TestResult.Undefined;
        }

        double sum = 0, i = 0, j = 0;
        foreach ((_, int inA, int inB) in Samples.Ties(a, b))
        {
            i += inA;
            j += inB;
            double gap = i / n - j / m;
            sum += (inA + inB) * gap * gap;
        }

        double product = n * m, t2 = product / (total * total) * sum, u = (t2 + (4 * product - 1) / (6 * total)) * product * total;
        return new TestResult(t2, Math.Max(n, m) <= LargestExact ? Exact(u, a.Length, b.Length) : Asymptotic(t2, n, m));
    }

    /// <summary>P(W² ≤ x) of the limiting law.</summary>
    internal static double LimitCdf(double x)
    {
        // Beyond 20 the tail is below e^(−98).
        double sum = x > 20 ? 1 : 0;
        for (int k = 0; k < 1000 && x <= 20; k++)
        {
            double y = 4 * k + 1, q = y * y / (16 * x);
            double factor = Math.Exp(Distributions.GammaFunctions.LogGamma(k + 0.5) - Distributions.GammaFunctions.LogGamma(k + 1)) / (Math.Pow(Math.PI, 1.5) * Math.Sqrt(x));
            double term = q > 700 ? 0 : factor * Math.Sqrt(y) * Math.Exp(-q) * SpecialFunctions.BesselK(0.25, q);
            sum += term;
            if (term < 1e-17 && q > 1)
            {
                break;
            }
        }

        return sum;
    }

    private static double Asymptotic(double t, double n, double m)
    {
        double total = n + m, k = n * m;
        double expected = (1 + 1 / total) / 6, variance = (total + 1) * (4 * k * total - 3 * (n * n + m * m) - 2 * k) / (45 * total * total * 4 * k);
        double x = 1.0 / 6 + (t - expected) / Math.Sqrt(45 * variance);
        return x < 0.003 ? 1 : Math.Max(0, 1 - LimitCdf(x));
    }

    private static double Exact(double u, int n, int m)
    {
        long lcm = n / Samples.Gcd(n, m) * m, stepA = lcm / n, stepB = lcm / m;
        double product = (double)n * m, zeta = Math.Floor((double)lcm * lcm * (n + m) * (6 * u - product * (4 * product - 1)) / (6 * product * product) + 1e-9);

        // ways[v] maps the sum of squared heights on the way to (x, v) to the number of ways.
        Dictionary<long, double>[] ways = new Dictionary<long, double>[m + 1];
        for (int x = 0; x <= n; x++)
        {
            for (int v = 0; v <= m; v++)
            {
                Dictionary<long, double> here = [];
                long height = x * stepA - v * stepB, square = height * height;
                if (x == 0 && v == 0)
                {
                    here[0] = 1;
                }

                foreach ((long sum, double count) in (x > 0 ? ways[v] : []).Concat(v > 0 ? ways[v - 1] : []))
                {
                    here[sum + square] = here.GetValueOrDefault(sum + square) + count;
                }

                ways[v] = here;
            }
        }

        return ways[m].Where(w => w.Key >= zeta).Sum(w => w.Value) / ways[m].Values.Sum();
    }
}
