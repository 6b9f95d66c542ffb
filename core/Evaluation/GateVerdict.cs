namespace Mlops.Core.Evaluation;

/// <summary>What the gate decided.</summary>
public enum GateVerdict
{
    /// <summary>The candidate becomes champion.</summary>
    Promote,

    /// <summary>The candidate is not good enough.</summary>
    Reject,

    /// <summary>The rows do not suffice to tell.</summary>
    Inconclusive,
}
