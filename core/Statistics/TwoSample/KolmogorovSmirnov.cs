using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Two-sample Kolmogorov–Smirnov test: do both samples come from one distribution?</summary>
/// <remarks>D = sup|F(x) − G(x)|; one-sided D⁺ = sup(F − G) and D⁻ = sup(G − F). Sees any change, best a shift near the median. Exact p-values count lattice paths that leave the band
/// (Hodges 1958), by absorbing probability so that small p-values keep their digits: O(n·m·D). Asymptotic: two-sided by the law of one sample at size n·m/(n + m)
/// (<see cref="Kolmogorov"/>), one-sided by Hodges' equation 5.3. Assumes independent rows; with ties both are conservative.</remarks>
public static class KolmogorovSmirnov
{
    /// <summary>Path counts up to which <see cref="Test"/> is exact.</summary>
    private const double LargestExact = 4e6;

    /// <summary>Statistic and p-value, exact while n·m ≤ 4,000,000. An empty sample: undefined.</summary>
    public static TestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Alternative alternative = Alternative.TwoSided)
    {
        double[] a = Samples.Sorted(first), b = Samples.Sorted(second);
        if (a.Length == 0 || b.Length == 0)
        {
            return TestResult.Undefined;
        }

        double d = Statistic(a, b, alternative);
        return new TestResult(d, (double)a.Length * b.Length <= LargestExact ? ExactPValue(d, a.Length, b.Length, alternative) : AsymptoticPValue(d, a.Length, b.Length, alternative));
    }

    /// <summary>D of two sorted samples without NaN. O(n + m).</summary>
    public static double Statistic(double[] sortedFirst, double[] sortedSecond, Alternative alternative = Alternative.TwoSided)
    {
        ArgumentNullException.ThrowIfNull(sortedFirst);
        ArgumentNullException.ThrowIfNull(sortedSecond);
        double n = sortedFirst.Length, m = sortedSecond.Length, plus = 0, minus = 0;
        int i = 0, j = 0;
        while (i < sortedFirst.Length || j < sortedSecond.Length)
        {
            double value = j >= sortedSecond.Length || (i < sortedFirst.Length && sortedFirst[i] <= sortedSecond[j]) ? sortedFirst[i] : sortedSecond[j];
            while (i < sortedFirst.Length && sortedFirst[i] == value)
            {
                i++;
            }

            while (j < sortedSecond.Length && sortedSecond[j] == value)
            {
                j++;
            }

            double gap = i / n - j / m;
            plus = Math.Max(plus, gap);
            minus = Math.Max(minus, -gap);
        }

        return alternative switch { Alternative.Greater => plus, Alternative.Less => minus, _ => Math.Max(plus, minus) };
    }

    /// <summary>P(D ≥ d) when all n!·m! orders are equally likely.</summary>
    public static double ExactPValue(double d, int n, int m, Alternative alternative = Alternative.TwoSided)
    {
        long gcd = Samples.Gcd(n, m), stepA = m / gcd, stepB = n / gcd, bound = (long)Math.Round(d * ((double)n / gcd * m));
        if (bound <= 0)
        {
            return 1;
        }

        // probability[y] is the chance to be at (x, y) without having left the band; what leaves is absorbed.
        double[] probability = new double[m + 1];
        double absorbed = 0;
        for (int x = 0; x <= n; x++)
        {
            for (int y = 0; y <= m; y++)
            {
                double arriving;
                if (x == 0 && y == 0)
                {
                    arriving = 1;
                }
                else
                {
                    double fromLeft = x == 0 ? 0 : probability[y] * (n - x + 1) / (n - x + 1 + m - y);
                    double fromBelow = y == 0 ? 0 : probability[y - 1] * (m - y + 1) / (n - x + m - y + 1);
                    arriving = fromLeft + fromBelow;
                }

                long height = x * stepA - y * stepB;
                bool outside = alternative switch { Alternative.Greater => height >= bound, Alternative.Less => -height >= bound, _ => Math.Abs(height) >= bound };
                if (outside)
                {
                    absorbed += arriving;
                    arriving = 0;
                }

                probability[y] = arriving;
            }
        }

        return Math.Min(1, absorbed);
    }

    /// <summary>P(D ≥ d) for large samples. O(n·m/(n + m)) in the tail, otherwise O(1).</summary>
    public static double AsymptoticPValue(double d, double n, double m, Alternative alternative = Alternative.TwoSided)
    {
        if (alternative == Alternative.TwoSided)
        {
            return Kolmogorov.Sf(d, n * m / (n + m));
        }

        (double larger, double smaller) = n > m ? (n, m) : (m, n);
        double z = Math.Sqrt(n * m / (n + m)) * d;
        return Math.Exp(-2 * z * z - 2 * z * (larger + 2 * smaller) / Math.Sqrt(larger * smaller * (larger + smaller)) / 3);
    }
}
