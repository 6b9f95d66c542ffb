namespace Mlops.Core.Configuration;

/// <summary>When a candidate may replace the champion.</summary>
public sealed record GateOptions
{
    /// <summary>The metric compared, by name; null means the default of the task. Default null.</summary>
    public string? Metric { get; init; }

    /// <summary>How much better the candidate must be, in the unit of the metric, 0 … 1,000,000. Default 0.</summary>
    public double Margin { get; init; }

    /// <summary>Confidence of the interval for the difference, 0.5 … 0.999. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Resamples of the paired bootstrap, 1,000 … 100,000. Default 1,000.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>The worst value allowed of a metric, by name; for a metric where less is better it is the largest. Default none.</summary>
    public IReadOnlyDictionary<string, double> Floors { get; init; } = new Dictionary<string, double>();
}
