namespace Mlops.Core.Traffic;

/// <summary>What one measure says about a canary.</summary>
/// <param name="IsHarm">Whether it is shown to be worse at all, at a third of the level of a rollback.</param>
/// <param name="IsSafe">Whether it is shown to be worse by less than the margin.</param>
/// <param name="Harm">The sentence when the evidence suffices.</param>
/// <param name="Safe">The sentence when it is safe.</param>
/// <param name="Open">The sentence when neither is shown.</param>
internal sealed record CanaryGuard(bool IsHarm, bool IsSafe, string Harm, string Safe, string Open);
