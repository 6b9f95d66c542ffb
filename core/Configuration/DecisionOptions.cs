namespace Mlops.Core.Configuration;

/// <summary>What wrong labels of two classes cost, in any unit; only their ratio matters.</summary>
public sealed record DecisionOptions
{
    /// <summary>Cost of predicting the second class wrongly, 0 … 1,000,000. Default 1.</summary>
    public double FalsePositiveCost { get; init; } = 1;

    /// <summary>Cost of missing the second class, 0 … 1,000,000. Default 1.</summary>
    public double FalseNegativeCost { get; init; } = 1;
}
