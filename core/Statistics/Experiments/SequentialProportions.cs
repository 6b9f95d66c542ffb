using Mlops.Core.Statistics.Sequential;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>Two proportions, always valid: look after every observation, stop when you like.</summary>
/// <remarks>When the proportions are equal, each success belongs to the second arm with that arm's share of the trials, whatever the proportion. The Beta(½, ½) mixture likelihood ratio against
/// that share is a test martingale (Robbins 1970), so 1/Λ is a p-value at all times at once. Exact for rare events, where normal theory fails; needs only the totals. O(1).</remarks>
public static class SequentialProportions
{
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
        double larger = Math.Max(bySuccess, byFailure), average = larger + Math.Log((Math.Exp(bySuccess - larger) + Math.Exp(byFailure - larger)) / 2);
        return Math.Min(1, Math.Exp(-average));
    }

    /// <summary>An interval of p₂ − p₁ that holds at all times at once with probability 1 − α, from a confidence sequence of each arm.</summary>
    public static (double Lower, double Upper) Interval(long successes1, long trials1, long successes2, long trials2, double alpha)
    {
        (double l1, double u1) = BernoulliConfidenceSequence.Bounds(successes1, trials1, alpha / 2);
        (double l2, double u2) = BernoulliConfidenceSequence.Bounds(successes2, trials2, alpha / 2);
        return (l2 - u1, u2 - l1);
    }

    private static double LogEvidence(double second, double both, double share) =>
        both == 0 ? 0 : BernoulliConfidenceSequence.LogMixture(second, both) - second * Math.Log(share) - (both - second) * Math.Log(1 - share);
}
