namespace Mlops.Core.Evaluation;

/// <summary>A metric of some rows as a function of how much each row counts: what weights and the bootstrap need, with all sorting done once.</summary>
internal abstract class WeightedMetric
{
    /// <summary>The metric when row i counts <paramref name="counts"/>[i] ≥ 0 times, not necessarily a whole number; NaN where it is not defined. O(rows).</summary>
    public abstract double Value(ReadOnlySpan<double> counts);
}
