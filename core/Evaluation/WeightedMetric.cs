namespace Mlops.Core.Evaluation;

/// <summary>A metric of some rows as a function of how often each row counts: what the bootstrap needs, with all sorting done once.</summary>
internal abstract class WeightedMetric
{
    /// <summary>The metric when row i counts <paramref name="counts"/>[i] ≥ 0 times; NaN where it is not defined. O(rows).</summary>
    public abstract double Value(ReadOnlySpan<int> counts);
}
