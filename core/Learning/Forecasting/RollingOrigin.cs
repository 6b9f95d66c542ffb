namespace Mlops.Core.Learning.Forecasting;

/// <summary>Evaluates a forecaster as it will be used: trained on the past of an origin, compared with what came after, for several origins.</summary>
public static class RollingOrigin
{
    /// <summary>Absolute errors by origin and step ahead.</summary>
    /// <param name="series">Values in time order.</param>
    /// <param name="origins">Number of origins, ≥ 1; the last leaves exactly <paramref name="horizon"/> values to compare with.</param>
    /// <param name="horizon">Steps ahead, ≥ 1.</param>
    /// <param name="forecast">Given the values before an origin and the horizon, the forecast; it never sees what came after.</param>
    /// <exception cref="ArgumentException">The series is too short.</exception>
    public static RollingOriginResult Evaluate(double[] series, int origins, int horizon, Func<double[], int, double[]> forecast)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(forecast);
        ArgumentOutOfRangeException.ThrowIfLessThan(origins, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (series.Length <= origins * (long)horizon)
        {
            throw new ArgumentException($"The series has {series.Length} values; expected more than {origins * (long)horizon}, origins × horizon.", nameof(series));
        }

        double[][] errors = new double[origins][];
        for (int o = 0; o < origins; o++)
        {
            int origin = series.Length - ((origins - o) * horizon);
            double[] expected = forecast(series[..origin], horizon);
            errors[o] = Enumerable.Range(0, horizon).Select(h => Math.Abs(series[origin + h] - expected[h])).ToArray();
        }

        return new RollingOriginResult(errors);
    }
}
