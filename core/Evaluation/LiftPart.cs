namespace Mlops.Core.Evaluation;

/// <summary>One part of the rows, sorted by score.</summary>
/// <param name="Rows">Rows in the part.</param>
/// <param name="Hits">The weight of those that have the class: how many, where every row counts 1.</param>
/// <param name="Lift">Their share of hits over the share among all rows: 1 is no better than chance.</param>
/// <param name="CumulativeLift">The same for all rows up to this part.</param>
/// <param name="CumulativeGain">The share of all hits found up to this part, 0 … 1.</param>
public sealed record LiftPart(int Rows, double Hits, double Lift, double CumulativeLift, double CumulativeGain);
