namespace Mlops.Core.Features;

/// <summary>What target encoding averages: per statistic (the target, or a class's indicator) one number per row.</summary>
/// <param name="Names">What each statistic is about.</param>
/// <param name="Values">Per statistic one finite number per row.</param>
/// <param name="Weights">How much each row counts, ≥ 0; null for 1 each.</param>
public sealed record TargetStatistics(IReadOnlyList<string> Names, IReadOnlyList<float[]> Values, double[]? Weights = null);
