using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>Two proportions at a fixed horizon: one look, at the size planned. For looking earlier see <see cref="SequentialProportions"/>.</summary>
public static class Proportions
{
    /// <summary>z test with pooled variance; z &gt; 0 when the first proportion is larger. An empty sample, or no variance: undefined.</summary>
    /// <remarks>z = (p₁ − p₂)/√(p(1 − p)(1/n₁ + 1/n₂)). Needs about five successes and failures in each arm; below that use <see cref="FisherExact"/>.</remarks>
    public static TestResult Test(long successes1, long trials1, long successes2, long trials2, Alternative alternative = Alternative.TwoSided)
    {
        double n1 = trials1, n2 = trials2, pooled = (successes1 + successes2) / (n1 + n2), deviation = Math.Sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
        if (trials1 == 0 || trials2 == 0 || deviation == 0)
        {
            return TestResult.Undefined;
        }

        double z = (successes1 / n1 - successes2 / n2) / deviation;
        return new TestResult(z, alternative switch { Alternative.Greater => Normal.Sf(z), Alternative.Less => Normal.Cdf(z), _ => Normal.TwoSided(z) });
    }

    /// <summary>Wilson's score interval (1927) of one proportion at confidence 1 − α; (0, 1) without trials.</summary>
    public static (double Lower, double Upper) Wilson(long successes, long trials, double alpha)
    {
        if (trials == 0)
        {
            return (0, 1);
        }

        double z = -Normal.Quantile(alpha / 2), n = trials, p = successes / n, centre = p + z * z / (2 * n), half = z * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n)), scale = 1 + z * z / n;
        return (Math.Max(0, (centre - half) / scale), Math.Min(1, (centre + half) / scale));
    }

    /// <summary>Newcombe's interval (1998, method 10) of p₂ − p₁ from both Wilson intervals: keeps its level where Wald's does not; (−1, 1) when either has no trials.</summary>
    public static (double Lower, double Upper) Newcombe(long successes1, long trials1, long successes2, long trials2, double alpha)
    {
        if (trials1 == 0 || trials2 == 0)
        {
            return (-1, 1);
        }

        double p1 = (double)successes1 / trials1, p2 = (double)successes2 / trials2;
        (double l1, double u1) = Wilson(successes1, trials1, alpha);
        (double l2, double u2) = Wilson(successes2, trials2, alpha);
        return (p2 - p1 - Math.Sqrt((p2 - l2) * (p2 - l2) + (u1 - p1) * (u1 - p1)), p2 - p1 + Math.Sqrt((u2 - p2) * (u2 - p2) + (p1 - l1) * (p1 - l1)));
    }

    /// <summary>Clopper and Pearson's exact interval (1934): never below its level, so wider.</summary>
    public static (double Lower, double Upper) ClopperPearson(long successes, long trials, double alpha)
    {
        return (successes == 0 ? 0 : Solve(p => Binomial.AtLeast(successes, trials, p) < alpha / 2), successes == trials ? 1 : Solve(p => Binomial.Cdf(successes, trials, p) > alpha / 2));

        static double Solve(Func<double, bool> isBelow)
        {
            double low = 0, high = 1;
            for (int i = 0; i < 200 && high - low > 1e-16; i++)
            {
                double middle = (low + high) / 2;
                (low, high) = isBelow(middle) ? (middle, high) : (low, middle);
            }

            return (low + high) / 2;
        }
    }
}
