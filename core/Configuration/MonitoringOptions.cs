using Mlops.Core.Statistics;

namespace Mlops.Core.Configuration;

/// <summary>How drift is watched.</summary>
public sealed record MonitoringOptions
{
    /// <summary>Drift alarms per month to be expected when nothing drifts, 0.01 … 100. Default 1.</summary>
    public double FalseAlarmsPerMonth { get; init; } = 1;

    /// <summary>A smaller change is not drift, however certain: numbers in standard deviations of the reference, categories and missing values in shares of the rows, 0 … 10. Default 0.02.</summary>
    public double MinimumEffect { get; init; } = 0.02;

    /// <summary>Predictions in a window below which nothing is decided, 20 … 1,000,000. Default 100.</summary>
    public int MinRows { get; init; } = 100;

    /// <summary>Length of the window of predictions that is compared, 1 hour … 90 days. Default 24 hours.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The rhythm that predictions are expected to have. Default weekly.</summary>
    public Seasonality Seasonality { get; init; } = Seasonality.Weekly;

    /// <summary>Consecutive drifted windows that declare drift, 1 … 10. Default 1.</summary>
    public int PersistWindows { get; init; } = 1;
}
