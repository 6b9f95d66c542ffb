using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>Sample-ratio mismatch: did every arm get the traffic it should? If not, the experiment is broken and no result counts.</summary>
/// <remarks>χ² goodness of fit of the keys (not requests) per arm. Fabijan et al. (2019) recommend α = 0.0005 … 0.01. O(arms).</remarks>
public static class SampleRatio
{
    /// <summary>χ² and its p-value. Fewer than two arms with a share, or no keys: undefined; keys in an arm of share 0: p = 0.</summary>
    /// <param name="keys">Distinct keys seen per arm.</param>
    /// <param name="shares">Intended shares, scaled here to sum 1.</param>
    public static TestResult Test(IReadOnlyList<long> keys, IReadOnlyList<double> shares)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(shares);
        if (keys.Count != shares.Count)
        {
            throw new ArgumentException($"There are {keys.Count} counts and {shares.Count} shares; give one each per arm.", nameof(shares));
        }

        double total = keys.Sum(), sum = shares.Sum(), statistic = 0;
        int arms = shares.Count(s => s > 0);
        if (arms < 2 || total == 0)
        {
            return TestResult.Undefined;
        }

        for (int i = 0; i < keys.Count; i++)
        {
            double expected = total * shares[i] / sum;
            statistic += expected > 0 ? (keys[i] - expected) * (keys[i] - expected) / expected : keys[i] > 0 ? double.PositiveInfinity : 0;
        }

        return new TestResult(statistic, ChiSquare.Sf(statistic, arms - 1), arms - 1);
    }
}
