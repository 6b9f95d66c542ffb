namespace Mlops.Core.Learning.Explanation;

/// <summary>What a model predicts on average when a column has one value in all rows.</summary>
/// <param name="Value">The value as text; null for missing.</param>
/// <param name="Predictions">The mean score per class, or the mean prediction.</param>
public sealed record DependencePoint(string? Value, IReadOnlyList<double> Predictions);
