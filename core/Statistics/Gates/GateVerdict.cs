namespace Mlops.Core.Statistics.Gates;

/// <summary>What the gate says about a candidate. Stored as a number: the order stays.</summary>
public enum GateVerdict
{
    /// <summary>The candidate becomes champion.</summary>
    Promote,

    /// <summary>The candidate is not good enough.</summary>
    Reject,

    /// <summary>The rows do not suffice to tell.</summary>
    Inconclusive,
}
