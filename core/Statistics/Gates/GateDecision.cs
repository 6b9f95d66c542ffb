namespace Mlops.Core.Statistics.Gates;

/// <summary>A verdict with what it rests on.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="MoreRows">About how many more rows would tell, if the difference is real; 0 when decided, null when no realistic number would.</param>
/// <param name="Reason">Why, in words a person can read.</param>
public sealed record GateDecision(GateVerdict Verdict, long? MoreRows, string Reason);
