using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Forecasting;
using Xunit;

namespace Mlops.Core.Tests.Learning;

public class ForecastIntervalsTests
{
    private const int Horizon = 5;
    private static readonly ForecastPlan Plan = new("sold", "day", "shop", Horizon, 0, new Cadence(0, 86_400, 0));
    private static readonly LearningTask Task = new(TaskKind.Regression, Plan.Target, [], ForecastFrame.Features(Plan)) { Offset = Plan.Last, Forecast = Plan };

    [Theory]
    [InlineData("linear")]
    [InlineData("boosting")]
    public void Of_SeriesThatGoOnAsTheyDid_HoldFourOfFiveValuesOfEach(string trainer)
    {
        // One shop sells five times what the other does: an interval of one width would hold all of one and few of the other.
        (DataTable train, DataTable holdout, int[] folds) = Split(1200);
        ForecastIntervals intervals = ForecastIntervals.Of(train, Task, Spec(trainer), folds, 1, 1, TestContext.Current.CancellationToken)!;
        Predictions told = Trainer.Fit(train, Task, Spec(trainer), 1, null, TestContext.Current.CancellationToken).Predict(holdout);

        Assert.InRange(intervals.Held(holdout, told, Plan), 0.74, 0.88);
        foreach (string shop in new[] { "small", "large" })
        {
            int[] own = [.. Enumerable.Range(0, holdout.RowCount).Where(i => holdout["shop"].Text(i) == shop)];
            Assert.InRange(intervals.Held(holdout.Take(own), new Predictions([.. own.Select(i => told.Row(i)[0])], 1), Plan), 0.7, 0.9);
        }

        // What lies further ahead is less sure, and every series is as unsure as it was.
        double Width(int step, string? shop) => intervals.Around(0, step, shop) is var (lower, upper) ? upper - lower : 0;
        Assert.True(Width(Horizon, "small") > 1.2 * Width(1, "small"));
        Assert.True(Width(1, "large") > 2.5 * Width(1, "small"));
        Assert.InRange(Width(1, "unknown"), Width(1, "small"), Width(1, "large"));
        Assert.Equal(Width(Horizon, "small"), Width(Horizon + 100, "small"));
    }

    [Fact]
    public void Of_SameRows_GiveTheSameIntervalsForAnyThreads_AndReadBack()
    {
        (DataTable train, _, int[] folds) = Split(150);
        ForecastIntervals one = ForecastIntervals.Of(train, Task, Spec("boosting"), folds, 1, 1, TestContext.Current.CancellationToken)!;
        ForecastIntervals two = ForecastIntervals.Of(train, Task, Spec("boosting"), folds, 1, 2, TestContext.Current.CancellationToken)!;

        Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(two));
        Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(JsonSerializer.Deserialize<ForecastIntervals>(JsonSerializer.Serialize(one))));
    }

    // Of 19 residuals the outer tenths, counted with one more, are two on each side: the second from either end is the end. It was the first, by rounding.
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(18, 1, 18)]
    [InlineData(19, 2, 18)]
    [InlineData(199, 20, 180)]
    public void Margin_Residuals_EndsAfterTheOuterTenths(int count, double lower, double upper) =>
        Assert.Equal(new ForecastMargin(lower, upper), ForecastIntervals.Margin([.. Enumerable.Range(1, count).Select(i => (double)i)]));

    [Fact]
    public void Of_ValuesThatNeverChange_GiveIntervalsOfNoWidth()
    {
        (DataTable train, _, int[] folds) = Split(100, (_, _) => 7);

        ForecastIntervals intervals = ForecastIntervals.Of(train, Task, Spec("naive"), folds, 1, 1, TestContext.Current.CancellationToken)!;

        Assert.Equal((7, 7), intervals.Around(7, 1, "small"));
    }

    private static CandidateSpec Spec(string trainer) => new(trainer, trainer == "boosting" ? new() { ["iterations"] = 40 } : new Dictionary<string, double>());

    /// <summary>Two random walks that are pulled back, one of them five times as large.</summary>
    private static (DataTable Train, DataTable Holdout, int[] Folds) Split(int days, Func<int, double, double>? value = null)
    {
        Random random = new(12);
        List<double> times = [], values = [];
        List<string> shops = [];
        foreach ((string shop, double scale) in new[] { ("small", 1.0), ("large", 5.0) })
        {
            double wave = 0;
            for (int day = 0; day < days; day++)
            {
                wave = (0.9 * wave) + Samples.Normal(random);
                times.Add(1.7e9 - (1.7e9 % 86_400) + (day * 86_400.0));
                values.Add(value is null ? scale * (50 + wave) : value(day, scale));
                shops.Add(shop);
            }
        }

        DataTable frame = ForecastFrame.Of(new DataTable([new NumericColumn("day", [.. times], ColumnKind.Timestamp), TextColumn.From("shop", shops), new NumericColumn("sold", [.. values])]), Plan);
        (int[] train, int[] holdout, int[] folds) = ForecastSplit.Of(frame, Plan, 0.3, 4);
        return (frame.Take(train), frame.Take(holdout), folds);
    }
}
