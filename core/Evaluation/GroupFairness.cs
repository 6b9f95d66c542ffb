namespace Mlops.Core.Evaluation;

/// <summary>How a model treats one group; in the rates rows count by their weight.</summary>
/// <param name="Group">The group's value; null for rows where it is missing.</param>
/// <param name="Rows">Its rows with a known answer.</param>
/// <param name="BaseRate">Share of its rows that have the favourable class.</param>
/// <param name="SelectionRate">Share of its rows that are predicted the favourable class.</param>
/// <param name="TruePositiveRate">Of those that have it, the share predicted so; NaN when none has.</param>
/// <param name="FalsePositiveRate">Of those that have it not, the share predicted so; NaN when all have.</param>
/// <param name="Accuracy">Share predicted right.</param>
public sealed record GroupFairness(
    string? Group, int Rows, double BaseRate, double SelectionRate, double TruePositiveRate, double FalsePositiveRate, double Accuracy);
