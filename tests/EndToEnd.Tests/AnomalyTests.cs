using System.Globalization;
using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Without labels: from a file to a served detector, asked, explained, told what was true, and trained again.</summary>
public sealed class AnomalyTests(Platform platform)
{
    private const string Configuration = "task: anomaly\ntraining:\n  folds: 2\n  candidates:\n    - trainer: baseline\n    - trainer: isolationForest\n      parameters: {contamination: 0.02}\nrollout:\n  steps: []\n";

    private static readonly object[] Rows = [new { load = 50.0, heat = 120.0, site = "north" }, new { load = 50.0, heat = 20.0, site = "north" }, new { load = 300.0, heat = 900.0, site = "south" }];

    [Fact]
    public async Task Drop_RowsWithoutLabels_BecomeAServedDetector()
    {
        string model = TestNames.Model("anomaly");
        await platform.DropAsync(model, "model.yaml", Configuration);
        await platform.DropAsync(model, "first.csv", Csv(1));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "first.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);

        // 1. What is far out is anomalous, what is in the middle is not.
        JsonElement[] answers = [.. (await platform.PredictAsync(model, Rows)).Expect(HttpStatusCode.OK).Json.GetProperty("predictions").EnumerateArray()];
        double[] scores = [.. answers.Select(a => a.GetProperty("score").GetDouble())];
        Assert.Equal("ordinary", answers[0].GetProperty("label").GetString());
        Assert.Equal("anomalous", answers[2].GetProperty("label").GetString());
        Assert.True(scores[0] < scores[1] && scores[0] < scores[2] && scores.All(s => s is > 0 and < 1), string.Join(", ", scores));
        Assert.All(answers, a => Assert.False(a.TryGetProperty("probabilities", out _) || a.TryGetProperty("value", out _)));

        // 2. The same over the Open Inference Protocol.
        JsonElement metadata = (await platform.GetAsync($"/v2/models/{model}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(["label", "score"], metadata.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()));

        // 3. Why: the logarithm of the score in parts.
        JsonElement explained = (await platform.PostAsync($"/api/models/{model}/explain", new { rows = Rows })).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("logScore", explained.GetProperty("scale").GetString());
        JsonElement why = explained.GetProperty("explanations")[2].GetProperty("scores")[0];
        Assert.Equal("anomalous", why.GetProperty("label").GetString());
        Assert.Equal(Math.Log(scores[2]), why.GetProperty("base").GetDouble() + why.GetProperty("values").EnumerateObject().Sum(v => v.Value.GetDouble()), 1e-4);

        // 4. The version says how well it tells rows from made-up ones, and the page what it goes by.
        JsonElement found = (await platform.FindModelAsync(model))!.Value;
        Assert.InRange(found.GetProperty("versions")[0].GetProperty("metrics").GetProperty("rocAuc").GetDouble(), 0.6, 1);
        Assert.Contains("best constant prediction", found.GetProperty("versions")[0].GetProperty("verdict").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(found.GetProperty("explanation").GetProperty("columns").EnumerateArray());

        // 5. What was true may be told; it becomes data, and is no feature of what is learned next.
        (await platform.PostAsync($"/api/models/{model}/feedback", new { labels = answers.Select(a => new { id = a.GetProperty("id").GetString(), label = "ordinary" }) })).Expect(HttpStatusCode.Accepted);
        await platform.DropAsync(model, "second.csv", Csv(2));
        JsonElement second = await platform.PipelineOfAsync(model, "second.csv");
        Assert.Contains(second.GetProperty("status").GetString(), new[] { "promoted", "rejected", "inconclusive" });
        Assert.Equal(2, (await platform.FindModelAsync(model))!.Value.GetProperty("versions").GetArrayLength());
    }

    [Fact]
    public async Task Drop_WithATrainerThatNeedsLabels_IsBlockedAndSaysWhich()
    {
        string model = TestNames.Model("anomaly");
        await platform.DropAsync(model, "model.yaml", "task: anomaly\ntraining:\n  candidates: [{trainer: boosting}]\n");
        await platform.DropAsync(model, "rows.csv", Csv(3));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Equal("blocked", pipeline.GetProperty("status").GetString());
        Assert.Contains("'boosting' does not learn anomalies; expected one of: baseline, isolationForest", pipeline.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Heat follows the load.</summary>
    private static string Csv(int seed)
    {
        Random random = new(seed);
        return "load,heat,site\n" + string.Concat(Enumerable.Range(0, 500).Select(_ => random.NextDouble() * 100).Select(load =>
            string.Create(CultureInfo.InvariantCulture, $"{load:0.00},{20 + (2 * load) + (5 * random.NextDouble()):0.00},{(random.Next(2) == 0 ? "north" : "south")}\n")));
    }
}
