using System.Globalization;
using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Series: from a file to a served forecast, asked with the newest rows, explained, and told what came.</summary>
public sealed class ForecastTests(Platform platform)
{
    private const string Configuration = "task: forecast\ntarget: sold\nforecast:\n  series: shop\n  horizon: 5\n  season: 7\ntraining:\n  folds: 2\n  candidates:\n    - trainer: naive\n    - trainer: linear\nrollout:\n  steps: []\n";
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Drop_TwoSeries_BecomeAServedForecastThatBeatsTheSeasonalNaive()
    {
        string model = TestNames.Model("forecast");
        double[][] series = [Values(1), Values(2)];
        await platform.DropAsync(model, "model.yaml", Configuration);
        await platform.DropAsync(model, "first.csv", Csv(series, 0, 300));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "first.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        Assert.Contains("seasonal naive forecast", pipeline.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await platform.ChampionAsync(model, 1);

        // 1. The newest rows of each shop are answered with five days of each.
        object[] history = [.. Enumerable.Range(280, 20).SelectMany(day => Enumerable.Range(0, 2).Select(shop => Row(series, shop, day)))];
        JsonElement[] answers = [.. (await platform.PredictAsync(model, history)).Expect(HttpStatusCode.OK).Json.GetProperty("predictions").EnumerateArray()];
        Assert.Equal(10, answers.Length);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal($"shop {i / 5}", answers[i].GetProperty("series").GetString());
            Assert.Equal(Day(300 + (i % 5)) + "T00:00:00Z", answers[i].GetProperty("time").GetString());
        }

        Assert.InRange(answers.Select((a, i) => Math.Abs(series[i / 5][300 + (i % 5)] - a.GetProperty("value").GetDouble())).Average(), 0, 10);

        // Each with its interval; the run says how many values of the hold-out lay in theirs.
        Assert.All(answers, a => Assert.True(a.GetProperty("lower").GetDouble() < a.GetProperty("value").GetDouble() && a.GetProperty("value").GetDouble() < a.GetProperty("upper").GetDouble(), a.ToString()));
        string run = (await platform.FindModelAsync(model))!.Value.GetProperty("versions")[0].GetProperty("run").GetString()!;
        JsonElement metrics = (await platform.GetAsync($"/api/runs/{run}")).Expect(HttpStatusCode.OK).Json.GetProperty("run").GetProperty("metrics");
        Assert.InRange(metrics.GetProperty("interval.coverage").GetDouble(), 0.6, 0.95);

        // 2. Why: the change since the last value in parts.
        JsonElement explained = (await platform.PostAsync($"/api/models/{model}/explain", new { rows = history })).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("change", explained.GetProperty("scale").GetString());
        JsonElement score = explained.GetProperty("explanations")[9].GetProperty("scores")[0];
        Assert.Equal(answers[9].GetProperty("value").GetDouble() - series[1][299], score.GetProperty("score").GetDouble(), 1e-3);

        // 3. What is wrong with a history is said.
        Answer bad = (await platform.PredictAsync(model, [new { date = "2025-10-01", shop = "shop 0" }])).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("sold", bad.Text, StringComparison.Ordinal);

        // 4. What came is told, and becomes rows of the series for the next training, along with the newest file.
        var labels = answers.Select((a, i) => new { id = a.GetProperty("id").GetString(), label = series[i / 5][300 + (i % 5)] });
        (await platform.PostAsync($"/api/models/{model}/feedback", new { labels })).Expect(HttpStatusCode.Accepted);
        await platform.DropAsync(model, "second.csv", Csv(series, 305, 395));
        JsonElement second = await platform.PipelineOfAsync(model, "second.csv");
        Assert.Contains(second.GetProperty("status").GetString(), new[] { "promoted", "rejected", "inconclusive" });
        JsonElement versions = (await platform.FindModelAsync(model))!.Value.GetProperty("versions");
        Assert.Equal(2, versions.GetArrayLength());
        Assert.True(versions[1].GetProperty("metrics").GetProperty("mae").GetDouble() < 10, versions[1].ToString());
    }

    [Fact]
    public async Task Drop_SeriesTooShort_IsBlockedAndSaysHowLong()
    {
        string model = TestNames.Model("forecast");
        await platform.DropAsync(model, "model.yaml", Configuration.Replace("horizon: 5", "horizon: 50", StringComparison.Ordinal));
        await platform.DropAsync(model, "rows.csv", Csv([Values(3), Values(4)], 0, 60));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Equal("blocked", pipeline.GetProperty("status").GetString());
        Assert.Contains("at least 158", pipeline.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    /// <summary>A week's rhythm, a trend, and a slow wave that the value a week before knows nothing of.</summary>
    private static double[] Values(int seed)
    {
        Random random = new(seed);
        double wave = 0;
        return [.. Enumerable.Range(0, 400).Select(t =>
        {
            wave = (0.9 * wave) + ((random.NextDouble() - 0.5) * 8);
            return Math.Round((100 * seed) + (0.2 * t) + (15 * Math.Sin(2 * Math.PI * t / 7)) + wave + random.NextDouble(), 2);
        })];
    }

    private static string Csv(double[][] series, int from, int to) => "date,shop,sold\n" + string.Concat(Enumerable.Range(from, to - from).SelectMany(day =>
        series.Select((values, shop) => string.Create(CultureInfo.InvariantCulture, $"{Day(day)},shop {shop},{values[day]}\n"))));

    private static object Row(double[][] series, int shop, int day) => new { date = Day(day), shop = $"shop {shop}", sold = series[shop][day] };

    private static string Day(int day) => Start.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
