using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Mann–Whitney (Wilcoxon rank-sum) test: does one sample tend to have larger values?</summary>
/// <remarks>U = Σ over pairs of [a &gt; b] + ½[a = b]; U/(nm) is the AUC. Exact null distribution by Mann and Whitney's recursion (1947) when a sample has at most 8 values and nothing is
/// tied, O(n²m²); otherwise normal with tie correction and continuity correction of ½. Assumes equal shapes only to read it as a test of medians.</remarks>
public static class MannWhitney
{
    private const int LargestExact = 8;

    /// <summary>U of the first sample and the p-value; an empty sample: undefined; all values equal: p = 1.</summary>
    public static TestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Alternative alternative = Alternative.TwoSided)
    {
        double[] a = Samples.Sorted(first), b = Samples.Sorted(second);
        double n = a.Length, m = b.Length;
        if (n == 0 || m == 0)
        {
            return TestResult.Undefined;
        }

        double u = 0, below = 0, tieTerm = 0;
        foreach ((_, int inA, int inB) in Samples.Ties(a, b))
        {
            u += inA * (below + inB / 2.0);
            below += inB;
            double t = inA + inB;
            tieTerm += t * t * t - t;
        }

        double p = tieTerm == 0 && Math.Min(n, m) <= LargestExact ? Exact(u, a.Length, b.Length, alternative) : Asymptotic(u, n, m, tieTerm, alternative);
        return new TestResult(u, p);
    }

    private static double Asymptotic(double u, double n, double m, double tieTerm, Alternative alternative)
    {
        double total = n + m, deviation = Math.Sqrt(n * m / 12 * (total + 1 - tieTerm / (total * (total - 1))));
        if (!(deviation > 0))
        {
            return 1;
        }

        double larger = alternative switch { Alternative.Greater => u, Alternative.Less => n * m - u, _ => Math.Max(u, n * m - u) };
        double p = Normal.Sf((larger - n * m / 2 - 0.5) / deviation);
        return Math.Min(1, alternative == Alternative.TwoSided ? 2 * p : p);
    }

    private static double Exact(double u, int n, int m, Alternative alternative)
    {
        // counts[u] of C(n + m, n) orders, as the coefficients of the Gaussian binomial Π(1 − q^(m+i))/(1 − q^i).
        int length = n * m + 1;
        double[] counts = new double[length];
        counts[0] = 1;
        for (int i = 1; i <= n; i++)
        {
            for (int k = length - 1; k >= m + i; k--)
            {
                counts[k] -= counts[k - m - i];
            }

            for (int k = i; k < length; k++)
            {
                counts[k] += counts[k - i];
            }
        }

        double larger = alternative switch { Alternative.Greater => u, Alternative.Less => (double)n * m - u, _ => Math.Max(u, (double)n * m - u) };

        // By symmetry P(U ≥ x) = P(U ≤ nm − x), summed from the small end, where the integers are exact.
        double p = counts.Take((int)Math.Floor(n * m - larger) + 1).Sum() / counts.Sum();
        return Math.Min(1, alternative == Alternative.TwoSided ? 2 * p : p);
    }
}
