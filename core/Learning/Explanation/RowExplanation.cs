namespace Mlops.Core.Learning.Explanation;

/// <summary>Why a model gave a row its score: Base + Σ contributions is the raw score (log odds, log of a class's share up to a constant, or the number).</summary>
/// <param name="Base">Per raw score what the model says when no column is known.</param>
/// <param name="Contributions">Per column its contribution to each raw score.</param>
public sealed record RowExplanation(IReadOnlyList<double> Base, IReadOnlyDictionary<string, IReadOnlyList<double>> Contributions);
