using Mlops.Core.Learning.Explanation;

namespace Mlops.Core.Evaluation;

/// <summary>What a model predicts on average as one column varies.</summary>
/// <param name="Column">The column.</param>
/// <param name="Points">Quantiles of a number in ascending order, or the most frequent categories; missing last, where it occurs.</param>
public sealed record ColumnCurve(string Column, IReadOnlyList<DependencePoint> Points);
