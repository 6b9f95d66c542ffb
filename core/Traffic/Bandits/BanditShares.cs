using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Traffic.Bandits;

/// <summary>How a policy splits the next batch of traffic over its arms. The share of an arm is its propensity: record it with every choice.</summary>
/// <remarks>A bandit here is a function from totals to shares, refreshed every few minutes and applied by hash: instances need no coordination, choices are reproducible and propensities are known exactly.</remarks>
public static class BanditShares
{
    private const int Draws = 4000;

    /// <summary>Thompson sampling for rewards in {0, 1}: each arm's chance to be best under Beta(1 + wins, 1 + losses). Thompson (1933), Chapelle and Li (2011).</summary>
    public static double[] ThompsonBeta(IReadOnlyList<ArmTotals> arms, double minimumShare = 0, int seed = 1) =>
        ByDraws(arms, minimumShare, seed, (arm, random) => Beta(random, 1 + Math.Max(0, arm.Sum), 1 + Math.Max(0, arm.Count - arm.Sum)));

    /// <summary>Thompson sampling for real rewards: each arm's chance to have the largest mean under a normal–inverse-gamma posterior with the weak prior μ = pooled mean, κ = 0.1, shape 1, scale = pooled variance.</summary>
    public static double[] ThompsonNormal(IReadOnlyList<ArmTotals> arms, double minimumShare = 0, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(arms);
        ArmTotals all = arms.Aggregate(default(ArmTotals), (sum, arm) => sum.Merge(arm));
        double prior = all.Mean, spread = all.Count > 1 ? Math.Max(1e-12, all.SumOfSquares / all.Count - prior * prior) : 1;
        return ByDraws(arms, minimumShare, seed, (arm, random) =>
        {
            double kappa = 0.1 + arm.Count, mean = (0.1 * prior + arm.Sum) / kappa, shape = 1 + arm.Count / 2;
            double squares = Math.Max(0, arm.SumOfSquares - (arm.Count > 0 ? arm.Sum * arm.Sum / arm.Count : 0));
            double scale = spread + squares / 2 + 0.1 * arm.Count / kappa * (arm.Mean - prior) * (arm.Mean - prior) / 2;
            return mean + Normal(random) * Math.Sqrt(scale / Gamma(random, shape) / kappa);
        });
    }

    /// <summary>UCB1 for rewards in [0, 1]: everything but the minimum to the arm with the largest mean + √(2·ln N/n). Auer, Cesa-Bianchi, Fischer (2002).</summary>
    public static double[] Ucb1(IReadOnlyList<ArmTotals> arms, double minimumShare = 0)
    {
        ArgumentNullException.ThrowIfNull(arms);
        double total = Math.Max(1, arms.Sum(a => a.Count));
        return Greedy([.. arms.Select(a => a.Count > 0 ? a.Mean + Math.Sqrt(2 * Math.Log(total) / a.Count) : double.PositiveInfinity)], minimumShare);
    }

    /// <summary>ε-greedy: ε split evenly, the rest to the largest mean; arms never tried come first.</summary>
    public static double[] EpsilonGreedy(IReadOnlyList<ArmTotals> arms, double epsilon = 0.1)
    {
        ArgumentNullException.ThrowIfNull(arms);
        return Greedy([.. arms.Select(a => a.Count > 0 ? a.Mean : double.PositiveInfinity)], epsilon / Math.Max(1, arms.Count));
    }

    /// <summary>The arm of a key, and its propensity. Sticky as <see cref="StickyAssignment"/> while shares stay.</summary>
    public static (int Arm, double Propensity) Choose(IReadOnlyList<double> shares, string salt, string key)
    {
        ArgumentNullException.ThrowIfNull(shares);
        double position = StickyAssignment.Position(salt, key), sum = 0;
        for (int arm = 0; arm < shares.Count; arm++)
        {
            sum += shares[arm];
            if (position < sum)
            {
                return (arm, shares[arm]);
            }
        }

        // Shares that sum to a hair under 1 leave the last positions to the last arm that has any.
        int last = Enumerable.Range(0, shares.Count).Last(a => shares[a] > 0);
        return (last, shares[last]);
    }

    private static double[] ByDraws(IReadOnlyList<ArmTotals> arms, double minimumShare, int seed, Func<ArmTotals, Random, double> draw)
    {
        ArgumentNullException.ThrowIfNull(arms);
        double[] wins = new double[arms.Count];
        Random random = new(unchecked((int)StableHash.Mix((ulong)seed)));
        for (int d = 0; d < Draws; d++)
        {
            int best = 0;
            double largest = double.NegativeInfinity;
            for (int a = 0; a < arms.Count; a++)
            {
                double value = draw(arms[a], random);
                if (value > largest)
                {
                    (best, largest) = (a, value);
                }
            }

            wins[best] += 1.0 / Draws;
        }

        return Floor(wins, minimumShare);
    }

    private static double[] Greedy(double[] values, double minimumShare)
    {
        double largest = values.Max();
        int ties = values.Count(v => v == largest);
        return Floor([.. values.Select(v => v == largest ? 1.0 / ties : 0)], minimumShare);
    }

    /// <summary>Every arm keeps the minimum, so that its value stays known and propensities are never 0.</summary>
    private static double[] Floor(double[] shares, double minimumShare)
    {
        if (!(minimumShare >= 0 && minimumShare * shares.Length <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(minimumShare), minimumShare, $"The minimum share of {shares.Length} arms lies in [0, 1/{shares.Length}].");
        }

        return [.. shares.Select(s => minimumShare + s * (1 - minimumShare * shares.Length))];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double Beta(Random random, double a, double b)
    {
        double x = Gamma(random, a);
        return x / (x + Gamma(random, b));
    }

    /// <summary>Marsaglia and Tsang (2000), for shape ≥ 1.</summary>
    private static double Gamma(Random random, double shape)
    {
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(random), v = 1 + c * x;
            v = v * v * v;
            if (v > 0 && Math.Log(1 - random.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
            {
                return d * v;
            }
        }
    }
}
