using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Explanation;
using Mlops.Core.Learning.Forecasting;
using Xunit;

namespace Mlops.Core.Tests.Learning;

public class ForecastTests
{
    private const double Day = 86_400;
    private static readonly DateTime Start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static TheoryData<string, int, long> Cadences() => new()
    {
        { "days", 0, 86_400 },
        { "days with gaps", 0, 86_400 },
        { "days at six", 0, 86_400 },
        { "workdays", 0, 86_400 },
        { "weeks", 0, 604_800 },
        { "four weeks", 0, 2_419_200 },
        { "hours", 0, 3_600 },
        { "months", 1, 0 },
        { "month ends", 1, 0 },
        { "quarters", 3, 0 },
        { "years", 12, 0 },
    };

    [Theory]
    [MemberData(nameof(Cadences))]
    public void Infer_EvenTimes_NumbersThemOneByOne(string name, int months, long seconds)
    {
        double[] times = [.. Times(name).Select(time => (time - DateTime.UnixEpoch).TotalSeconds)];

        Cadence cadence = Cadence.Infer([times])!;

        Assert.Equal((months, seconds), (cadence.Months, cadence.Seconds));
        Assert.Equal(times.Length, times.Select(cadence.Index).Distinct().Count());
        if (!name.Contains("gaps", StringComparison.Ordinal) && name != "workdays")
        {
            Assert.Equal(Enumerable.Range(0, times.Length).Select(i => cadence.Index(times[0]) + i), times.Select(cadence.Index));
        }

        Assert.All(times, time => Assert.Equal(cadence.Index(time), cadence.Index(cadence.At(cadence.Index(time)))));
        Assert.True(name == "month ends" || times.All(time => cadence.At(cadence.Index(time)) == time));
    }

    [Fact]
    public void Infer_UnevenTimes_IsNull()
    {
        Random random = new(1);
        double time = 0;
        double[] times = [.. Enumerable.Range(0, 100).Select(_ => time += 1000 + random.Next(100_000))];

        Assert.Null(Cadence.Infer([times]));
    }

    [Fact]
    public void Of_SmallSeries_HasWhatWasKnownAtTheOrigin()
    {
        ForecastPlan plan = Plan(horizon: 2, season: 4);
        double[] values = [10, 11, 13, 16, 20, 25, 31, 38, 46, 55];

        DataTable frame = ForecastFrame.Of(Table(values), plan);

        // The row made on day 5 (value 25) for day 7, two steps ahead.
        int row = Enumerable.Range(0, frame.RowCount).Single(i => Number(frame, plan.Origin, i) == Seconds(5) && Number(frame, "day", i) == Seconds(7));
        Assert.Equal(2, Number(frame, "sold: steps ahead", row));
        Assert.Equal(25, Number(frame, "sold: last", row));
        Assert.Equal(38, Number(frame, "sold", row));
        Assert.Equal([5, 9, 12, 14, 15], Enumerable.Range(1, 5).Select(lag => Number(frame, $"sold: change since {lag} before", row)));
        Assert.True(double.IsNaN(Number(frame, "sold: change since 6 before", row)));
        Assert.Equal(((13 + 16 + 20 + 25) / 4.0) - 25, Number(frame, "sold: change to mean", row));
        Assert.Equal(16 - 25, Number(frame, "sold: change to a season before", row));
        Assert.Equal(ForecastFrame.Features(plan).Append(plan.Last).Append("day").Append(plan.Origin).Append("sold"), frame.Columns.Select(c => c.Name));
        Assert.Equal(9 + 8, frame.RowCount);
    }

    [Fact]
    public void Of_AnyChangeAfterTheOrigin_ChangesNoFeature()
    {
        ForecastPlan plan = Plan(horizon: 5, season: 7, series: "shop");
        Random random = new(2);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            double[] values = [.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())];
            int origin = 20 + random.Next(30);
            double[] changed = [.. values.Select((v, t) => t > origin ? v + 1000 : v)];
            string[] Known(double[] series)
            {
                DataTable frame = ForecastFrame.Of(Table(series, "a"), plan);
                return [.. Enumerable.Range(0, frame.RowCount).Where(i => Number(frame, plan.Origin, i) <= Seconds(origin)).Select(i => string.Join(',', ForecastFrame.Features(plan).Select(f => frame[f].Text(i))))];
            }

            Assert.Equal(Known(values), Known(changed));
        }
    }

    [Fact]
    public void Next_History_IsTheRowThatTrainingWouldHaveMade()
    {
        ForecastPlan plan = Plan(horizon: 3, season: 7, series: "shop");
        Random random = new(3);
        DataTable all = Tables.Concat([Table([.. Enumerable.Range(0, 50).Select(_ => random.NextDouble())], "a"), Table([.. Enumerable.Range(0, 50).Select(_ => random.NextDouble())], "b")]);
        DataTable past = all.Take([.. Enumerable.Range(0, 100).Where(i => Number(all, "day", i) <= Seconds(40) && Number(all, "day", i) > Seconds(40 - ForecastFrame.Reach(plan)))]);

        DataTable next = ForecastFrame.Next(past, plan);

        DataTable frame = ForecastFrame.Of(all, plan);
        Assert.Equal(6, next.RowCount);
        for (int i = 0; i < next.RowCount; i++)
        {
            int same = Enumerable.Range(0, frame.RowCount).Single(j => Number(frame, plan.Origin, j) == Seconds(40) && Number(frame, "day", j) == Number(next, "day", i) && frame["shop"].Text(j) == next["shop"].Text(i));
            foreach (string feature in ForecastFrame.Features(plan).Where(f => f != "shop"))
            {
                Assert.Equal(Number(frame, feature, same), Number(next, feature, i), 1e-9);
            }
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public void Fit_Naive_IsTheValueASeasonBefore(int season)
    {
        ForecastPlan plan = Plan(horizon: 10, season: season);
        double[] values = [.. Enumerable.Range(0, 60).Select(t => (double)((t * 37 % 11) + t))];
        FittedModel model = Fit(ForecastFrame.Of(Table(values), plan), Task(plan), "naive");

        Predictions forecast = model.Predict(ForecastFrame.Next(Table(values), plan));

        double[] expected = [.. Enumerable.Range(1, 10).Select(h => season == 0 ? values[^1] : values[59 + h - (season * ((h + season - 1) / season))])];
        Assert.Equal(expected, forecast.Scores.ToArray().Select(v => Math.Round((double)v, 3)));
    }

    [Theory]
    [InlineData("boosting")]
    [InlineData("linear")]
    public void CrossValidate_SeasonTrendAndDependence_BeatsTheSeasonalNaive(string trainer)
    {
        Random random = new(3);
        double state = 0;
        double[] values = [.. Enumerable.Range(0, 600).Select(t =>
        {
            state = (0.8 * state) + Samples.Normal(random);
            return (0.05 * t) + (6 * Math.Sin(2 * Math.PI * t / 12)) + state;
        })];
        ForecastPlan plan = Plan(horizon: 6, season: 12);
        (DataTable train, DataTable holdout, int[] folds) = Split(ForecastFrame.Of(Table(values), plan), plan, 4);
        double Error(string name) => Trainer.CrossValidate(train, Task(plan), new CandidateSpec(name, new Dictionary<string, double>()), folds, 1, null, TestContext.Current.CancellationToken).Mean["mae"];

        Assert.True(Error(trainer) < 0.95 * Error("naive"), $"{Error(trainer)} against {Error("naive")}");

        FittedModel model = Fit(train, Task(plan), trainer);
        Assert.True(Metrics.Of(Task(plan), holdout["sold"], model.Predict(holdout))["mae"] < Metrics.Of(Task(plan), holdout["sold"], Fit(train, Task(plan), "naive").Predict(holdout))["mae"]);
    }

    [Fact]
    public void Fit_PureTrend_GoesOnBeyondTheRangeItSaw()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(t => 3.0 * t)];
        ForecastPlan plan = Plan(horizon: 10, season: 0);
        FittedModel model = Fit(ForecastFrame.Of(Table(values), plan), Task(plan), "boosting");

        float[] forecast = model.Predict(ForecastFrame.Next(Table(values), plan)).Scores.ToArray();

        Assert.All(Enumerable.Range(0, 10), h => Assert.Equal(3.0 * (200 + h), forecast[h], 1.0));
    }

    [Fact]
    public void Split_AnyFold_LearnsOnlyFromWhatWasKnown()
    {
        ForecastPlan plan = Plan(horizon: 4, season: 0);
        DataTable frame = ForecastFrame.Of(Table([.. Enumerable.Range(0, 100).Select(t => (double)t)]), plan);
        (DataTable train, DataTable holdout, int[] folds) = Split(frame, plan, 3);

        Assert.Equal([0, 1, 2, 3], folds.Distinct().Order());
        Assert.True(Column(train, "day").Max() <= Column(holdout, plan.Origin).Min());
        for (int fold = 0; fold < 3; fold++)
        {
            (int[] learned, int[] measured) = Fold.Of(train, Task(plan), folds, fold);
            Assert.NotEmpty(learned);
            Assert.NotEmpty(measured);
            Assert.True(learned.Max(i => Number(train, "day", i)) <= measured.Min(i => Number(train, plan.Origin, i)));
        }

        Assert.Empty(Fold.Of(train, Task(plan), folds, 3).Train);
        int[] blocks = ForecastSplit.Blocks(holdout, plan);
        Assert.All(Enumerable.Range(0, holdout.RowCount), i => Assert.Equal((int)((Number(holdout, plan.Origin, i) - Column(holdout, plan.Origin).Min()) / Day) / 4, blocks[i]));
    }

    [Theory]
    [InlineData("naive")]
    [InlineData("linear")]
    [InlineData("boosting")]
    [InlineData("forest")]
    public void ToOnnx_Forecast_AgreesAndItsExplanationAddsUp(string trainer)
    {
        ForecastPlan plan = Plan(horizon: 3, season: 7, series: "shop");
        Random random = new(5);
        DataTable rows = Tables.Concat([.. new[] { "a", "b", "c" }.Select((shop, s) => Table([.. Enumerable.Range(0, 90).Select(t => (s * 1000) + (10 * (t % 7)) + Samples.Normal(random))], shop))]);
        DataTable frame = ForecastFrame.Of(rows, plan);
        FittedModel model = FittedModel.FromJson(Fit(frame, Task(plan), trainer).ToJson());
        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));
        DataTable next = ForecastFrame.Next(rows, plan);

        foreach (DataTable asked in new[] { frame, next })
        {
            Predictions expected = model.Predict(asked);
            Predictions found = onnx.Predict(model, asked);
            Assert.All(Enumerable.Range(0, asked.RowCount), i => Assert.Equal(expected.Row(i)[0], found.Row(i)[0], 1e-5 * Math.Max(1, Math.Max(Math.Abs(expected.Row(i)[0]), Math.Abs(Number(asked, plan.Last, i))))));
        }

        IReadOnlyList<RowExplanation> explained = model.Explain(next);
        Predictions forecast = model.Predict(next);
        Assert.All(Enumerable.Range(0, next.RowCount), i => Assert.Equal(
            forecast.Row(i)[0] - Number(next, plan.Last, i), explained[i].Base[0] + explained[i].Contributions.Sum(c => c.Value[0]), 1e-3));
    }

    [Fact]
    public void Resolve_Forecast_FindsTimesAndSaysWhatIsUnused()
    {
        DataTable rows = new([.. Table([.. Enumerable.Range(0, 80).Select(t => (double)t)], "a").Columns, TextColumn.From("note", Enumerable.Range(0, 80).Select(i => i % 2 == 0 ? "x" : "y"))]);
        TaskResolution Resolve(string yaml) => TaskResolver.Resolve(rows, ModelConfiguration.Parse(yaml).Configuration!);

        TaskResolution resolution = Resolve("{task: forecast, target: sold, forecast: {series: shop, horizon: 5, season: 7}}");

        Assert.Equal(new ForecastPlan("sold", "day", "shop", 5, 7, new Cadence(0, 86_400, 0)), resolution.Task!.Forecast);
        Assert.Equal(("sold: last", TaskKind.Regression), (resolution.Task.Offset, resolution.Task.Kind));
        Assert.Equal(["note"], resolution.DroppedColumns.Keys);
        Assert.All(Candidates.Propose(resolution.Task, 1000, 4, 8, 1), c => Assert.Empty(Candidates.Check(c, resolution.Task)));
        Assert.Contains("at least 98", Assert.Single(Resolve("{task: forecast, target: sold, forecast: {series: shop, horizon: 30}}").Problems).Expected, StringComparison.Ordinal);
        Assert.Contains("Text", Assert.Single(Resolve("{task: forecast, target: note}").Problems).Found, StringComparison.Ordinal);
        Assert.Contains("no such column", Assert.Single(Resolve("{task: forecast, target: sold, forecast: {time: when}}").Problems).Found, StringComparison.Ordinal);
        Assert.Contains("no such column", Assert.Single(Resolve("{task: forecast, target: sold, forecast: {series: store}}").Problems).Found, StringComparison.Ordinal);
        Assert.Contains("training.weight", Assert.Single(Resolve("{task: forecast, target: sold, forecast: {series: shop}, training: {weight: sold2}}").Problems).Found, StringComparison.Ordinal);
    }

    private static IEnumerable<DateTime> Times(string name) => name switch
    {
        "days" => Enumerable.Range(0, 60).Select(i => Start.AddDays(i)),
        "days with gaps" => Enumerable.Range(0, 60).Where(i => i % 9 != 4).Select(i => Start.AddDays(i)),
        "days at six" => Enumerable.Range(0, 60).Select(i => Start.AddDays(i).AddHours(6)),
        "workdays" => Enumerable.Range(0, 60).Select(i => Start.AddDays(i)).Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)),
        "weeks" => Enumerable.Range(0, 60).Select(i => Start.AddDays(7 * i)),
        "four weeks" => Enumerable.Range(0, 30).Select(i => Start.AddDays(28 * i)),
        "hours" => Enumerable.Range(0, 60).Select(i => Start.AddHours(i)),
        "months" => Enumerable.Range(0, 60).Select(i => Start.AddMonths(i)),
        "month ends" => Enumerable.Range(0, 60).Select(i => Start.AddMonths(i + 1).AddDays(-1)),
        "quarters" => Enumerable.Range(0, 40).Select(i => Start.AddMonths(3 * i)),
        _ => Enumerable.Range(0, 20).Select(i => Start.AddYears(i)),
    };

    private static ForecastPlan Plan(int horizon, int season, string? series = null) => new("sold", "day", series, horizon, season, new Cadence(0, 86_400, 0));

    private static LearningTask Task(ForecastPlan plan) => new(TaskKind.Regression, plan.Target, [], ForecastFrame.Features(plan)) { Offset = plan.Last, Forecast = plan };

    private static FittedModel Fit(DataTable frame, LearningTask task, string trainer) =>
        Trainer.Fit(frame, task, new CandidateSpec(trainer, new Dictionary<string, double>()), 1, null, TestContext.Current.CancellationToken);

    private static (DataTable Train, DataTable Holdout, int[] Folds) Split(DataTable frame, ForecastPlan plan, int folds)
    {
        (int[] train, int[] holdout, int[] foldOfRow) = ForecastSplit.Of(frame, plan, 0.2, folds);
        return (frame.Take(train), frame.Take(holdout), foldOfRow);
    }

    private static double Seconds(int day) => (Start.AddDays(day) - DateTime.UnixEpoch).TotalSeconds;

    private static double Number(DataTable table, string column, int row) => ((NumericColumn)table[column]).Values[row];

    private static double[] Column(DataTable table, string column) => ((NumericColumn)table[column]).Values.ToArray();

    /// <summary>A value a day from the start on.</summary>
    private static DataTable Table(double[] values, string? series = null)
    {
        List<Column> columns = [new NumericColumn("day", [.. Enumerable.Range(0, values.Length).Select(Seconds)], ColumnKind.Timestamp), new NumericColumn("sold", values)];
        if (series is not null)
        {
            columns.Add(TextColumn.From("shop", Enumerable.Repeat(series, values.Length)));
        }

        return new DataTable(columns);
    }
}
