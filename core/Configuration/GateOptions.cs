using Mlops.Core.Evaluation;
using Mlops.Core.Learning;

namespace Mlops.Core.Configuration;

/// <summary>When a candidate may replace the champion.</summary>
public sealed record GateOptions
{
    /// <summary>The metric that candidates are ranked and compared with the champion by; null means the default of the task. Default null.</summary>
    public string? Metric { get; init; }

    /// <summary>The metric that decides for a task.</summary>
    public string MetricOf(LearningTask task) => Metric ?? Metrics.Primary(task);

    /// <summary>How much worse than the champion is still good enough, in the unit of the metric, 0 … 1,000,000. Default 0: the candidate must be better.</summary>
    public double Margin { get; init; }

    /// <summary>Chance of promoting a candidate that is no better than the champion less the margin, 0.001 … 0.25. Default 0.05.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Resamples of the paired bootstrap, 1,000 … 100,000. Default 1,000.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>The worst value allowed of a metric, by name; for a metric where less is better it is the largest. Default none.</summary>
    public IReadOnlyDictionary<string, double> Floors { get; init; } = new Dictionary<string, double>();

    /// <summary>The largest difference of true or false positive rates between the groups of a column, 0 … 1, by column. Default none.</summary>
    public IReadOnlyDictionary<string, double> Fairness { get; init; } = new Dictionary<string, double>();
}
