using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Traffic;

/// <summary>The version that answers a key: always the same one for the same policy, on every instance, without memory.</summary>
/// <remarks>A key's position is its salted hash as a number in [0, 1); the challenger has the interval [0, percent/100). Growing the share therefore only adds
/// keys, and shares are uniform whatever the keys look like. Resolution 2⁻⁵³.</remarks>
public static class StickyAssignment
{
    /// <summary>The version that answers <paramref name="key"/>. O(length of salt and key), no allocation for short keys.</summary>
    public static int Choose(TrafficPolicy policy, string key)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Mode == TrafficMode.Split && policy.Challenger is { } challenger && InShare(policy, key) ? challenger : policy.Champion;
    }

    /// <summary>The version that also sees <paramref name="key"/> without answering, or null.</summary>
    public static int? Shadow(TrafficPolicy policy, string key)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Mode == TrafficMode.Shadow && InShare(policy, key) ? policy.Challenger : null;
    }

    /// <summary>The position of a key in [0, 1) under a salt.</summary>
    public static double Position(string salt, string key)
    {
        ArgumentNullException.ThrowIfNull(salt);
        ArgumentNullException.ThrowIfNull(key);

        // Hashing the two apart keeps ("ab", "c") and ("a", "bc") independent.
        return StableHash.Unit(StableHash.Mix(StableHash.Of(salt) * 0x9E3779B97F4A7C15UL + StableHash.Of(key)));
    }

    private static bool InShare(TrafficPolicy policy, string key) => Position(policy.Salt, key) < policy.ChallengerPercent / 100;
}
