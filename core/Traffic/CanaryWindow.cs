using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Traffic;

/// <summary>All that one version has answered since the canary began, not only since the last look.</summary>
/// <param name="Requests">Requests answered, errors included.</param>
/// <param name="Errors">Requests that failed by the model's or the platform's fault.</param>
/// <param name="Latency">Durations of the requests, or null when not measured.</param>
/// <param name="Metric">A business metric per request where higher is better, or null.</param>
/// <param name="Milliseconds">Sum of the durations.</param>
public sealed record CanaryWindow(long Requests, long Errors, LatencyHistogram? Latency = null, Moments? Metric = null, double Milliseconds = 0)
{
    /// <summary>Nothing yet.</summary>
    public static CanaryWindow Empty { get; } = new(0, 0);

    /// <summary>Both together.</summary>
    public CanaryWindow Merge(CanaryWindow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new CanaryWindow(
            Requests + other.Requests,
            Errors + other.Errors,
            Latency is null ? other.Latency : other.Latency is null ? Latency : Latency.Merge(other.Latency),
            Metric is null ? other.Metric : other.Metric is null ? Metric : Metric.Value.Merge(other.Metric.Value),
            Milliseconds + other.Milliseconds);
    }
}
