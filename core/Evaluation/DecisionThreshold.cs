namespace Mlops.Core.Evaluation;

/// <summary>From which probability on the second class is predicted, and what that costs.</summary>
/// <param name="Threshold">Predicted from this probability on; above 1 means never.</param>
/// <param name="Cost">The mean cost per row.</param>
/// <param name="FalsePositives">Rows wrongly predicted the second class.</param>
/// <param name="FalseNegatives">Rows wrongly predicted the first class.</param>
public sealed record DecisionThreshold(double Threshold, double Cost, double FalsePositives, double FalseNegatives);
