namespace Mlops.Core.Configuration;

/// <summary>What a forecast looks at and how far it reaches.</summary>
public sealed record ForecastOptions
{
    /// <summary>The column of times; null means the only column of timestamps. Default null.</summary>
    public string? Time { get; init; }

    /// <summary>The column that tells several series apart; null for a single series. Default null.</summary>
    public string? Series { get; init; }

    /// <summary>Steps ahead, 1 … 500. Default 12.</summary>
    public int Horizon { get; init; } = 12;

    /// <summary>Steps per season, 2 … 10,000, or 0 for none. Default 0.</summary>
    public int Season { get; init; }
}
