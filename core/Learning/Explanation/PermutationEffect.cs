namespace Mlops.Core.Learning.Explanation;

/// <summary>How much worse a model gets when a column is shuffled.</summary>
/// <param name="Feature">The column.</param>
/// <param name="Loss">The mean loss of the metric over the repeats, in the metric's unit; positive: the column helps, whatever the metric's direction.</param>
/// <param name="Deviation">Standard deviation over the repeats.</param>
public sealed record PermutationEffect(string Feature, double Loss, double Deviation);
