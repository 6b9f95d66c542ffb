using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Traffic.Bandits;

/// <summary>One logged choice.</summary>
/// <param name="Propensity">Chance with which the logging policy chose that arm, in (0, 1].</param>
/// <param name="Target">Chance with which the policy in question would choose that same arm, in [0, 1].</param>
/// <param name="Reward">What it earned.</param>
/// <param name="Predicted">A model's reward for the chosen arm; only for the doubly robust estimate.</param>
/// <param name="PredictedTarget">The model's reward averaged over the arms the policy in question would choose; only for the doubly robust estimate.</param>
public readonly record struct LoggedChoice(double Propensity, double Target, double Reward, double Predicted = 0, double PredictedTarget = 0);

/// <summary>What a policy would have earned, from the log of another.</summary>
/// <remarks>Every estimate needs the target's arms to have positive propensity in the log. Intervals are asymptotic (normal), trustworthy from some hundred effective rows on. O(n).</remarks>
public static class OffPolicyValue
{
    /// <summary>Inverse propensity: mean of w·r with w = target/propensity. Unbiased, wide. Horvitz and Thompson (1952).</summary>
    public static (double Value, double Lower, double Upper) Ips(IReadOnlyList<LoggedChoice> log, double alpha = 0.05) => Mean([.. Checked(log).Select(c => c.Target / c.Propensity * c.Reward)], alpha);

    /// <summary>Self-normalised: Σw·r/Σw. A little biased, much narrower, never outside the range of rewards. Swaminathan and Joachims (2015); interval by linearisation.</summary>
    public static (double Value, double Lower, double Upper) Snips(IReadOnlyList<LoggedChoice> log, double alpha = 0.05)
    {
        double[] weights = [.. Checked(log).Select(c => c.Target / c.Propensity)];
        double total = weights.Sum();
        if (total == 0)
        {
            return (double.NaN, double.NaN, double.NaN);
        }

        double value = weights.Select((w, i) => w * log[i].Reward).Sum() / total;
        double error = Math.Sqrt(weights.Select((w, i) => w * w * (log[i].Reward - value) * (log[i].Reward - value)).Sum()) / total, half = -Normal.Quantile(alpha / 2) * error;
        return (value, value - half, value + half);
    }

    /// <summary>Doubly robust: the model's value plus the weighted residual; unbiased when either propensities or model are right. Dudík, Langford, Li (2011).</summary>
    public static (double Value, double Lower, double Upper) DoublyRobust(IReadOnlyList<LoggedChoice> log, double alpha = 0.05) =>
        Mean([.. Checked(log).Select(c => c.PredictedTarget + c.Target / c.Propensity * (c.Reward - c.Predicted))], alpha);

    private static (double Value, double Lower, double Upper) Mean(double[] values, double alpha)
    {
        Moments moments = Moments.Of(values);
        double half = moments.Count < 2 ? double.NaN : -Normal.Quantile(alpha / 2) * Math.Sqrt(moments.Variance / moments.Count);
        return moments.Count == 0 ? (double.NaN, double.NaN, double.NaN) : (moments.Mean, moments.Mean - half, moments.Mean + half);
    }

    private static IReadOnlyList<LoggedChoice> Checked(IReadOnlyList<LoggedChoice> log)
    {
        ArgumentNullException.ThrowIfNull(log);
        for (int i = 0; i < log.Count; i++)
        {
            if (!(log[i].Propensity is > 0 and <= 1) || !(log[i].Target is >= 0 and <= 1))
            {
                throw new ArgumentException(FormattableString.Invariant($"Choice {i} has propensity {log[i].Propensity} and target {log[i].Target}; expected (0, 1] and [0, 1]."), nameof(log));
            }
        }

        return log;
    }
}
