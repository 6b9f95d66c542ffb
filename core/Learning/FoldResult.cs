namespace Mlops.Core.Learning;

/// <summary>What one fold of a cross-validation measured.</summary>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Rows">Its rows whose answer is known.</param>
/// <param name="Metrics">Its metrics; NaN where one is not defined (for example ROC AUC with one class).</param>
public sealed record FoldResult(int Fold, int Rows, IReadOnlyDictionary<string, double> Metrics);
