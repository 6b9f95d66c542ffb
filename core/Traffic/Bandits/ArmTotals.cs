namespace Mlops.Core.Traffic.Bandits;

/// <summary>What one arm has earned. Totals of many instances, and rewards that come late, simply add up.</summary>
/// <param name="Count">Rewards seen, discounted.</param>
/// <param name="Sum">Σ reward.</param>
/// <param name="SumOfSquares">Σ reward².</param>
public readonly record struct ArmTotals(double Count, double Sum, double SumOfSquares)
{
    /// <summary>Mean reward; 0 before the first.</summary>
    public double Mean => Count > 0 ? Sum / Count : 0;

    /// <summary>With one more reward; what is no finite number is missing and changes nothing.</summary>
    public ArmTotals Add(double reward) => double.IsFinite(reward) ? new(Count + 1, Sum + reward, SumOfSquares + reward * reward) : this;

    /// <summary>Both together.</summary>
    public ArmTotals Merge(ArmTotals other) => new(Count + other.Count, Sum + other.Sum, SumOfSquares + other.SumOfSquares);

    /// <summary>With all past rewards weighing <paramref name="factor"/> as much: apply once per period to follow a changing world.</summary>
    public ArmTotals Discount(double factor) => new(Count * factor, Sum * factor, SumOfSquares * factor);
}
