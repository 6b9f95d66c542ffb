using System.Text.Json.Serialization;

namespace Mlops.Core.Traffic;

/// <summary>All that one version has answered since the canary began, not only since the last look.</summary>
/// <param name="Requests">Requests answered, errors included.</param>
/// <param name="Errors">Requests that failed by the model's or the platform's fault.</param>
/// <param name="Latency">Durations of the requests, or null when not measured.</param>
/// <param name="Milliseconds">Sum of the durations.</param>
public sealed record CanaryWindow(long Requests, long Errors, LatencyHistogram? Latency = null, double Milliseconds = 0)
{
    /// <summary>Nothing yet.</summary>
    public static CanaryWindow Empty { get; } = new(0, 0);

    /// <summary>What is known of the truth. Not counted with the requests: labels come later.</summary>
    [JsonIgnore]
    public LabelledAnswers Answers { get; init; } = LabelledAnswers.None;

    /// <summary>The requests of both together.</summary>
    public CanaryWindow Merge(CanaryWindow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new CanaryWindow(
            Requests + other.Requests,
            Errors + other.Errors,
            Latency is null ? other.Latency : other.Latency is null ? Latency : Latency.Merge(other.Latency),
            Milliseconds + other.Milliseconds);
    }
}
