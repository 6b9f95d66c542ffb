namespace Mlops.Core.Configuration;

/// <summary>How traffic moves from the champion to its successor.</summary>
public sealed record RolloutOptions
{
    /// <summary>Percent of the traffic in each canary step, ascending, each 1 … 99, at most 20; all traffic follows the last. Default 10, 50.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [10, 50];

    /// <summary>Time in each step, 0 … 7 days. Default 10 minutes.</summary>
    public TimeSpan Bake { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The canary takes over once it is shown to fail more often than the champion by less than this fraction of the requests, 0.001 … 0.5. Default 0.02.</summary>
    public double ErrorMargin { get; init; } = 0.02;

    /// <summary>The canary takes over once it is shown that at no duration the share of requests that take longer exceeds the champion's by this or more, 0.01 … 1; 1 does not wait for latency. Default 0.2.</summary>
    public double LatencyMargin { get; init; } = 0.2;

    /// <summary>When above 0, the canary takes over only once labels show that it is less good by less than this: classes, more wrong predictions as a fraction; numbers, mean absolute error in its unit; 0 … 1,000,000. Default 0.</summary>
    public double QualityMargin { get; init; }

    /// <summary>Chance that a rollout takes back a canary that is no worse, however often one looks, 0.001 … 0.25. Default 0.01.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>Chance that a canary which is worse by a margin or more is kept from taking over, 0.75 … 0.999. Default 0.95.</summary>
    public double Power { get; init; } = 0.95;

    /// <summary>Requests to each version in a step below which nothing is decided, 1 … 1,000,000. Default 20.</summary>
    public int MinRequests { get; init; } = 20;
}
