namespace Mlops.Core.Traffic;

/// <summary>What the canary rule promises.</summary>
public sealed record CanaryOptions
{
    /// <summary>Chance that a canary which is no worse is ever rolled back, however often one looks. In (0, 0.5]; the default is 0.01.</summary>
    public double RollbackAlpha { get; init; } = 0.01;

    /// <summary>Chance that a canary which is worse by a margin below is ever promoted. In (0, 0.5]; the default is 0.05.</summary>
    public double PromoteAlpha { get; init; } = 0.05;

    /// <summary>Increase of the error rate that would be harm, as a fraction. The default is 0.01: one percentage point.</summary>
    public double ErrorMargin { get; init; } = 0.01;

    /// <summary>Duration in milliseconds that a request should not exceed; null compares whole distributions for rollback and asks nothing for promotion.</summary>
    public double? LatencyObjective { get; init; }

    /// <summary>Increase of the share of requests over <see cref="LatencyObjective"/> that would be harm. The default is 0.05.</summary>
    public double LatencyMargin { get; init; } = 0.05;

    /// <summary>Decrease of the mean business metric that would be harm, in its unit; 0 (the default) leaves the metric out.</summary>
    public double MetricMargin { get; init; }

    /// <summary>Requests of each version before anything is decided. The default is 50.</summary>
    public long MinimumRequests { get; init; } = 50;
}
