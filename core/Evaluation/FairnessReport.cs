namespace Mlops.Core.Evaluation;

/// <summary>How differently a model treats groups. A difference is largest minus smallest over groups, a ratio smallest over largest; NaN with fewer than two groups.</summary>
/// <param name="Groups">Group by group, largest first.</param>
/// <param name="ParityDifference">Demographic parity: difference of selection rates, 0 is equal.</param>
/// <param name="ParityRatio">Ratio of selection rates, 1 is equal; below 0.8 is the "four-fifths rule" of US employment law.</param>
/// <param name="OpportunityDifference">Equal opportunity: difference of true positive rates.</param>
/// <param name="OddsDifference">Equalised odds: the larger of the differences of true and of false positive rates.</param>
/// <param name="AccuracyDifference">Difference of accuracies.</param>
/// <param name="Skipped">Groups with too few rows to say anything.</param>
public sealed record FairnessReport(
    IReadOnlyList<GroupFairness> Groups,
    double ParityDifference,
    double ParityRatio,
    double OpportunityDifference,
    double OddsDifference,
    double AccuracyDifference,
    int Skipped);
