namespace Mlops.Core.Learning;

/// <summary>How much a column matters to a model.</summary>
/// <param name="Feature">The column.</param>
/// <param name="Importance">Its share, 0 … 1.</param>
public sealed record FeatureImportance(string Feature, double Importance);
