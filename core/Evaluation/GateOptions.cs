namespace Mlops.Core.Evaluation;

/// <summary>Settings of the gate.</summary>
public sealed record GateOptions
{
    /// <summary>The metric that decides; null for <see cref="Metrics.Primary"/>.</summary>
    public string? Metric { get; init; }

    /// <summary>How much worse than the champion is still good enough, in the metric's unit, ≥ 0. Default 0: the candidate must be better.</summary>
    public double Margin { get; init; }

    /// <summary>The tolerated rate α of wrong promotions, inside (0, 0.5). Default 0.05.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Bootstrap resamples, 1,000 … 100,000. Default 1,000.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Seed of the bootstrap.</summary>
    public ulong Seed { get; init; }

    /// <summary>Per metric the worst value that is acceptable (a minimum where higher is better, else a maximum). Default none.</summary>
    public IReadOnlyDictionary<string, double> Floors { get; init; } = new Dictionary<string, double>();
}
