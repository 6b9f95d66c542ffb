namespace Mlops.Core.Evaluation;

/// <summary>How much a column moves a model's raw scores.</summary>
/// <param name="Column">The column.</param>
/// <param name="Effect">The mean of |Shapley value| over rows and raw scores, ≥ 0, in the unit of the raw scores.</param>
public sealed record ColumnEffect(string Column, double Effect);
