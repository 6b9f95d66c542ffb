namespace Mlops.Core.Configuration;

/// <summary>When a model is trained again by itself.</summary>
public sealed record RetrainingOptions
{
    /// <summary>Whether drift requests a training. Default true.</summary>
    public bool OnDrift { get; init; } = true;

    /// <summary>Time between two trainings at least, 0 … 365 days. Default 6 hours.</summary>
    public TimeSpan MinimumInterval { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Trainings a day (UTC) at most, 0 … 1,000. Default 4.</summary>
    public int DailyBudget { get; init; } = 4;
}
