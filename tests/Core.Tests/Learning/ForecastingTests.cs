using Mlops.Core.Learning.Forecasting;

namespace Mlops.Core.Tests.Learning;

public class ForecastingTests
{
    [Fact]
    public void SeasonalNaive_RepeatsTheLastSeason()
    {
        Assert.Equal([2, 3, 4, 2, 3], SeasonalNaive.Forecast([9, 1, 2, 3, 4], 3, 5));
        Assert.Equal([4, 4], SeasonalNaive.Forecast([3, 4], 12, 2));
    }

    [Fact]
    public void LagForecaster_SeasonTrendAndDependence_BeatsTheSeasonalNaive()
    {
        Random random = new(3);
        double state = 0;
        double[] series = Enumerable.Range(0, 600).Select(t =>
        {
            state = (0.8 * state) + Samples.Normal(random);
            return (0.05 * t) + (6 * Math.Sin(2 * Math.PI * t / 12)) + state;
        }).ToArray();
        LagOptions options = new() { Season = 12 };
        RollingOriginResult naive = RollingOrigin.Evaluate(series, 8, 6, (past, h) => SeasonalNaive.Forecast(past, 12, h));
        RollingOriginResult boosted = RollingOrigin.Evaluate(series, 8, 6, (past, h) => LagForecaster.Fit(past, options).Forecast(past, h));
        Assert.True(boosted.MeanAbsoluteError < 0.95 * naive.MeanAbsoluteError, $"{boosted.MeanAbsoluteError} against {naive.MeanAbsoluteError}");
        Assert.Equal(6, boosted.ByStep.Count);
    }

    [Fact]
    public void LagForecaster_PureTrend_GoesOnBeyondTheRangeItSaw()
    {
        double[] series = Enumerable.Range(0, 200).Select(t => 3.0 * t).ToArray();
        double[] forecast = LagForecaster.Fit(series, new LagOptions()).Forecast(series, 20);
        Assert.Equal(3.0 * 219, forecast[^1], 1.0);
    }

    [Fact]
    public void RollingOrigin_AnyOrigin_NeverShowsTheFuture()
    {
        double[] series = Enumerable.Range(0, 50).Select(t => (double)t).ToArray();
        List<int> seen = [];
        RollingOriginResult result = RollingOrigin.Evaluate(series, 4, 5, (past, h) =>
        {
            seen.Add(past.Length);
            return Enumerable.Repeat(past[^1], h).ToArray();
        });
        Assert.Equal([30, 35, 40, 45], seen);
        Assert.Equal([1, 2, 3, 4, 5], result.ByStep);
    }

    [Fact]
    public void LagForecaster_SeriesTooShort_SaysHowLong()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => LagForecaster.Fit(new double[8], new LagOptions()));
        Assert.Contains("8 values; expected at least 9", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LagForecaster.Fit([1, 2, 3, 4, 5, 6, 7, 8, 9, double.NaN, 1], new LagOptions()));
    }
}
