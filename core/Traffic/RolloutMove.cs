namespace Mlops.Core.Traffic;

/// <summary>What a rollout does after a look at its canary.</summary>
public enum RolloutMove
{
    /// <summary>Keep the share and look again.</summary>
    Wait,

    /// <summary>Begin the next step.</summary>
    Advance,

    /// <summary>Make the canary the champion.</summary>
    Promote,

    /// <summary>Take the canary out of the traffic.</summary>
    Withdraw,
}
