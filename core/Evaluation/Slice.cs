namespace Mlops.Core.Evaluation;

/// <summary>A part of the rows, described by conditions on columns, and how the model does there.</summary>
/// <param name="Description">The conditions, readable: <c>city = Oslo and age 18 … 25</c>.</param>
/// <param name="Rows">Its rows with a known answer.</param>
/// <param name="Loss">The mean loss there (log loss; squared error for regression).</param>
/// <param name="RestLoss">The mean loss of all other rows.</param>
/// <param name="PValue">Of Welch's one-sided t-test that the slice is not worse than the rest.</param>
/// <param name="Significant">Whether it stands out after correcting for all slices looked at.</param>
public sealed record Slice(string Description, int Rows, double Loss, double RestLoss, double PValue, bool Significant);
