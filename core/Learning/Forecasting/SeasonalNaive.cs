namespace Mlops.Core.Learning.Forecasting;

/// <summary>The forecast that every other must beat: the value one season ago, or the last value without a season.</summary>
public static class SeasonalNaive
{
    /// <summary>Forecasts the next <paramref name="horizon"/> values.</summary>
    /// <param name="history">Values in time order, at least one.</param>
    /// <param name="season">Steps per season, ≥ 1; a history shorter than that repeats its last value.</param>
    /// <param name="horizon">Steps ahead, ≥ 1.</param>
    public static double[] Forecast(ReadOnlySpan<double> history, int season, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfZero(history.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(season, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        int period = season <= history.Length ? season : 1;
        double[] forecast = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            forecast[h] = history[history.Length - period + (h % period)];
        }

        return forecast;
    }
}
