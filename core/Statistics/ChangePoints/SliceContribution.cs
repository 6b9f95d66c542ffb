namespace Mlops.Core.Statistics.ChangePoints;

/// <summary>One slice of the data and its part in drift.</summary>
/// <param name="Column">The column that defines the slice.</param>
/// <param name="Slice">A category, or a range of numbers.</param>
/// <param name="ReferenceShare">Share of the reference's rows in it.</param>
/// <param name="WindowShare">Share of the window's rows.</param>
/// <param name="Drift">Its term of the column's population stability index, ≥ 0.</param>
public sealed record SliceContribution(string Column, string Slice, double ReferenceShare, double WindowShare, double Drift);

/// <summary>One slice of the data and its part in a change of the mean loss.</summary>
/// <param name="Column">The column that defines the slice.</param>
/// <param name="Slice">A category, or a range of numbers.</param>
/// <param name="ReferenceShare">Share of the reference's rows in it.</param>
/// <param name="WindowShare">Share of the window's rows with a known truth.</param>
/// <param name="ReferenceLoss">Mean loss of its reference rows; NaN without any.</param>
/// <param name="WindowLoss">Mean loss of its window rows; NaN without any.</param>
/// <param name="Mix">Change of the mean loss because the slice became more or less frequent.</param>
/// <param name="Rate">Change of the mean loss because rows within the slice got worse or better.</param>
/// <param name="AdjustedPValue">Welch's p-value that the loss within the slice is as before, corrected over all slices (Benjamini–Hochberg); NaN with fewer than <see cref="RootCause.FewestRows"/> rows on a side.</param>
public sealed record LossContribution(
    string Column, string Slice, double ReferenceShare, double WindowShare, double ReferenceLoss, double WindowLoss, double Mix, double Rate, double AdjustedPValue);
