namespace Mlops.Core.Traffic;

/// <summary>What to do with a canary.</summary>
public enum CanaryVerdict
{
    /// <summary>Not enough evidence either way: keep the share and look again.</summary>
    Hold,

    /// <summary>No worse than the stable version by the margins: go on to the next step.</summary>
    Promote,

    /// <summary>Worse: send all traffic to the stable version.</summary>
    Rollback,
}

/// <summary>A decision with its reasons.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Reasons">One sentence per guard, the deciding ones first.</param>
public sealed record CanaryDecision(CanaryVerdict Verdict, IReadOnlyList<string> Reasons);
