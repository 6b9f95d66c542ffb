using System.Text.Json.Serialization;

namespace Mlops.Core.Learning.Forecasting;

/// <summary>How series become rows: data, so that training, serving and the ONNX file mean the same.</summary>
/// <param name="Target">The column that is forecast.</param>
/// <param name="Time">The column of times; in a <see cref="ForecastFrame"/> the time that a value is forecast for; no feature.</param>
/// <param name="Series">The column that tells several series apart; null for one.</param>
/// <param name="Horizon">Steps ahead, ≥ 1.</param>
/// <param name="Season">Steps per season; below 2 there is none.</param>
/// <param name="Cadence">How the steps follow each other.</param>
public sealed record ForecastPlan(string Target, string Time, string? Series, int Horizon, int Season, Cadence Cadence)
{
    /// <summary>The prefix of the columns that a frame adds.</summary>
    [JsonIgnore]
    public string Prefix => $"{Target}: ";

    /// <summary>The feature with the steps ahead.</summary>
    [JsonIgnore]
    public string Steps => $"{Prefix}steps ahead";

    /// <summary>The column with the newest value known when a forecast is made: what it starts from, but no feature.</summary>
    [JsonIgnore]
    public string Last => $"{Prefix}last";

    /// <summary>The column with the time of the newest value known; no feature.</summary>
    [JsonIgnore]
    public string Origin => $"{Prefix}origin";
}
