using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Fisher's exact test of a 2×2 table.</summary>
/// <remarks>Given the margins the upper-left count is hypergeometric when rows and columns are independent; the two-sided p-value sums all tables no more likely
/// than the one seen. R. A. Fisher (1935). Exact for any size; conservative because counts are discrete. O(smallest margin).</remarks>
public static class FisherExact
{
    /// <summary>Two-sided p-value of the table ((a, b), (c, d)); 1 when a margin is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static double TwoSided(long a, long b, long c, long d)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(a);
        ArgumentOutOfRangeException.ThrowIfNegative(b);
        ArgumentOutOfRangeException.ThrowIfNegative(c);
        ArgumentOutOfRangeException.ThrowIfNegative(d);
        long row = a + b, column = a + c, total = a + b + c + d;
        if (row == 0 || column == 0 || row == total || column == total)
        {
            return 1;
        }

        double seen = Mass(a, row, column, total) * (1 + 1e-14);
        double p = 0;
        for (long k = Math.Max(0, row + column - total); k <= Math.Min(row, column); k++)
        {
            double mass = Mass(k, row, column, total);
            p += mass <= seen ? mass : 0;
        }

        return Math.Min(1, p);
    }

    /// <summary>P(upper-left count ≥ a) given the margins.</summary>
    public static double Greater(long a, long b, long c, long d)
    {
        long row = a + b, column = a + c, total = a + b + c + d;
        double p = 0;
        for (long k = Math.Min(row, column); k >= a; k--)
        {
            p += Mass(k, row, column, total);
        }

        return Math.Min(1, p);
    }

    /// <summary>Hypergeometric probability of k, as a ratio of three binomial masses so that nothing overflows (Loader 2000).</summary>
    internal static double Mass(long k, long row, long column, long total)
    {
        double p = (double)row / total, q = (double)(total - row) / total;
        return BetaFunctions.BinomialMass(k, column, p, q) * BetaFunctions.BinomialMass(row - k, total - column, p, q)
            / BetaFunctions.BinomialMass(row, total, p, q);
    }
}
