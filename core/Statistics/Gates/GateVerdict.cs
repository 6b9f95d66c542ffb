namespace Mlops.Core.Statistics.Gates;

/// <summary>What a gate says about a candidate against the champion.</summary>
public enum GateVerdict
{
    /// <summary>Better than the margin asks, beyond chance.</summary>
    Promote,

    /// <summary>Not better than the margin asks, beyond chance.</summary>
    Reject,

    /// <summary>The interval holds the margin: more rows are needed.</summary>
    Inconclusive,
}

/// <summary>A gate's decision.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Difference">Candidate minus champion, higher is better.</param>
/// <param name="Lower">Lower end of the interval.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="MoreRows">About how many more rows would decide, if the difference stays; 0 when decided, null when no number would (the difference equals the margin).</param>
/// <param name="Reason">One sentence.</param>
public sealed record GateDecision(GateVerdict Verdict, double Difference, double Lower, double Upper, long? MoreRows, string Reason);
