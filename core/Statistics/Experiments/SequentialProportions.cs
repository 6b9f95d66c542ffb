using Mlops.Core.Statistics.Sequential;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>Two proportions, always valid: look after every observation, stop when you like.</summary>
/// <remarks>When the proportions are equal, each success belongs to the second arm with that arm's share of the trials, whatever the proportion. The Beta(½, ½) mixture likelihood ratio against
/// that share is a test martingale (Robbins 1970), so 1/Λ is a p-value at all times at once. Exact for rare events, where normal theory fails, but weak for common ones; so from
/// <see cref="NormalMinimum"/> successes and failures in each arm on, the evidence is the average of this and of the normal mixture test (<see cref="SequentialMeans"/>): an average of test
/// martingales is one. Needs only the totals. O(1).</remarks>
public static class SequentialProportions
{
    /// <summary>Successes and failures in each arm from which normal theory takes part.</summary>
    public const int NormalMinimum = 10;

    /// <summary>The effect, in standard deviations of one row, for which the normal part is tightest.</summary>
    private const double Scale = 0.1;

    /// <summary>The always-valid p-value min(1, 1/Λ) of equal proportions. Keep the smallest seen so far; reject at or below α.</summary>
    public static double PValue(long successes1, long trials1, long successes2, long trials2)
    {
        if (trials1 == 0 || trials2 == 0)
        {
            return 1;
        }

        // Successes and failures carry separate information: either may be the rare event, so the evidence is averaged.
        double share = (double)trials2 / (trials1 + trials2);
        double bySuccess = LogEvidence(successes2, successes1 + successes2, share), byFailure = LogEvidence(trials2 - successes2, trials1 - successes1 + trials2 - successes2, share);
        double rare = LogMean(bySuccess, byFailure);
        long fewest = Math.Min(Math.Min(successes1, trials1 - successes1), Math.Min(successes2, trials2 - successes2));
        if (fewest < NormalMinimum)
        {
            // The normal part counts as 1, its value before it has seen anything.
            return Math.Min(1, Math.Exp(-LogMean(rare, 0)));
        }

        double pooled = (double)(successes1 + successes2) / (trials1 + trials2), row = pooled * (1 - pooled), square = row * (1.0 / trials1 + 1.0 / trials2), tau = Scale * Scale * row;
        double difference = (double)successes2 / trials2 - (double)successes1 / trials1;
        double normal = 0.5 * Math.Log(square / (square + tau)) + tau * difference * difference / (2 * square * (square + tau));
        return Math.Min(1, Math.Exp(-LogMean(rare, normal)));
    }

    /// <summary>An interval of p₂ − p₁ that holds at all times at once with probability 1 − α, from a confidence sequence of each arm.</summary>
    public static (double Lower, double Upper) Interval(long successes1, long trials1, long successes2, long trials2, double alpha)
    {
        (double l1, double u1) = BernoulliConfidenceSequence.Bounds(successes1, trials1, alpha / 2);
        (double l2, double u2) = BernoulliConfidenceSequence.Bounds(successes2, trials2, alpha / 2);
        return (l2 - u1, u2 - l1);
    }

    private static double LogMean(double a, double b)
    {
        double larger = Math.Max(a, b);
        return larger + Math.Log((Math.Exp(a - larger) + Math.Exp(b - larger)) / 2);
    }

    private static double LogEvidence(double second, double both, double share) =>
        both == 0 ? 0 : BernoulliConfidenceSequence.LogMixture(second, both) - second * Math.Log(share) - (both - second) * Math.Log(1 - share);
}
