using System.Net;
using System.Text;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class ExplanationTests(Platform platform)
{
    // Positive, negative, near the border, and with a value that is not known.
    private static readonly object[] Rows = [SeededData.Row(true), SeededData.Row(false), new { x1 = 0.1, x2 = -0.05, colour = "blue" }, new { x1 = (double?)null, x2 = 1.0, colour = "green" }];

    [Theory]
    [InlineData("boosting", "logOdds")]
    [InlineData("linear", "logOdds")]
    [InlineData("forest", "probability")]
    public async Task Explain_TwoClasses_AddsUpToTheProbabilityThatPredictGives(string trainer, string scale)
    {
        string model = await TrainAsync("explain", trainer, SeededData.Csv(71));
        JsonElement[] predicted = await PredictAsync(model, Rows);
        JsonElement answer = (await platform.PostAsync($"/api/models/{model}/explain", new { rows = Rows, key = "me", version = 1 })).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((model, 1, scale), (answer.GetProperty("model").GetString(), answer.GetProperty("version").GetInt32(), answer.GetProperty("scale").GetString()));
        JsonElement[] explained = [.. answer.GetProperty("explanations").EnumerateArray()];
        Assert.Equal(Rows.Length, explained.Length);
        for (int i = 0; i < Rows.Length; i++)
        {
            JsonElement score = Assert.Single(explained[i].GetProperty("scores").EnumerateArray());
            Assert.Equal("yes", score.GetProperty("label").GetString());
            Assert.Equal(["x1", "x2", "colour"], score.GetProperty("values").EnumerateObject().Select(value => value.Name));
            double sum = Sum(score);
            Assert.Equal(score.GetProperty("score").GetDouble(), sum, 1e-9);
            Assert.Equal(predicted[i].GetProperty("probabilities").GetProperty("yes").GetDouble(), scale == "probability" ? sum : 1 / (1 + Math.Exp(-sum)), 1e-5);
        }

        // What decides the label moves the score; the colour, which says nothing, moves it less.
        JsonElement values = explained[0].GetProperty("scores")[0].GetProperty("values");
        Assert.True(values.GetProperty("x1").GetDouble() > Math.Abs(values.GetProperty("colour").GetDouble()), values.ToString());
        Assert.True(values.GetProperty("x1").GetDouble() > 0, values.ToString());
    }

    [Fact]
    public async Task Explain_Regression_AddsUpToThePrediction_ForTheVersionThatAnswers()
    {
        Random random = new(5);
        string csv = "a,b,y\n" + string.Concat(Enumerable.Range(0, 300).Select(_ => (A: random.NextDouble(), B: random.NextDouble()))
            .Select(x => FormattableString.Invariant($"{x.A:0.####},{x.B:0.####},{(3 * x.A) - x.B:0.####}\n")));
        string model = await TrainAsync("explain", "boosting", csv);
        object[] rows = [new { a = 0.5, b = 0.5 }, new { a = 0.9, b = 0.1 }];
        JsonElement[] predicted = await PredictAsync(model, rows);
        // An array alone is a body too.
        JsonElement answer = (await platform.PostAsync($"/api/models/{model}/explain", rows)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((1, "value"), (answer.GetProperty("version").GetInt32(), answer.GetProperty("scale").GetString()));
        Assert.All(answer.GetProperty("explanations").EnumerateArray().Zip(predicted), pair =>
        {
            JsonElement score = Assert.Single(pair.First.GetProperty("scores").EnumerateArray());
            Assert.False(score.TryGetProperty("label", out _));
            Assert.Equal(pair.Second.GetProperty("value").GetDouble(), Sum(score), 1e-5);
        });
    }

    [Fact]
    public async Task Model_ShowsWhatItsChampionGoesBy_AndWhereItDoesWorst()
    {
        // Blue rows have labels drawn by chance: there the model must do worse.
        string[] clear = SeededData.Csv(73, 900).TrimEnd().Split('\n'), drawn = SeededData.Csv(74, 900, noise: 1).TrimEnd().Split('\n');
        string csv = string.Join('\n', clear.Where(line => !line.Contains("blue", StringComparison.Ordinal)).Concat(drawn.Where(line => line.Contains("blue", StringComparison.Ordinal)))) + "\n";
        string model = await TrainAsync("page", "boosting", csv);
        JsonElement page = (await platform.FindModelAsync(model))!.Value;
        JsonElement explanation = page.GetProperty("explanation");
        string?[] columns = [.. explanation.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("column").GetString())];
        Assert.Equal(["colour", "x1", "x2"], columns.Order());
        Assert.Equal("colour", columns[^1]);
        Assert.True(explanation.GetProperty("explainedRows").GetInt32() > 50, explanation.ToString());
        JsonElement worst = explanation.GetProperty("slices")[0];
        Assert.Contains("colour = blue", worst.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.True(worst.GetProperty("significant").GetBoolean());
        Assert.True(worst.GetProperty("loss").GetDouble() > worst.GetProperty("restLoss").GetDouble());

        // What shuffling a column costs, how the prediction moves with it, and how sure the metrics are.
        Assert.NotEqual("colour", explanation.GetProperty("shuffled")[0].GetProperty("feature").GetString());
        JsonElement[] curve = [.. explanation.GetProperty("curves").EnumerateArray().Single(c => c.GetProperty("column").GetString() == "x1").GetProperty("points").EnumerateArray()];
        Assert.True(curve[^1].GetProperty("predictions")[1].GetDouble() > curve[0].GetProperty("predictions")[1].GetDouble() + 0.2);
        JsonElement evaluation = page.GetProperty("evaluation");
        JsonElement diagnostics = evaluation.GetProperty("diagnostics");
        JsonElement accuracy = diagnostics.GetProperty("intervals").EnumerateArray().Single(interval => interval.GetProperty("metric").GetString() == "accuracy");
        Assert.Equal(evaluation.GetProperty("candidate").GetProperty("accuracy").GetDouble(), accuracy.GetProperty("value").GetDouble(), 1e-9);
        Assert.InRange(accuracy.GetProperty("value").GetDouble(), accuracy.GetProperty("lower").GetDouble(), accuracy.GetProperty("upper").GetDouble());
        Assert.Equal(evaluation.GetProperty("gate").GetProperty("rows").GetInt32(), diagnostics.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(cell => cell.GetDouble())));
        Assert.NotEmpty(diagnostics.GetProperty("calibration").EnumerateArray());
        Assert.Equal(1, diagnostics.GetProperty("lift").EnumerateArray().Last().GetProperty("cumulativeGain").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Explain_BadRequests_SayWhatIsWrong()
    {
        string unknown = TestNames.Model("unknown");
        (await platform.PostAsync($"/api/models/{unknown}/explain", new { rows = Rows })).Expect(HttpStatusCode.NotFound);
        string model = await TrainAsync("explain", "linear", SeededData.Csv(72));
        Answer rows = (await platform.PostAsync($"/api/models/{model}/explain", new { rows = new object[] { new { x1 = "much", colour = "red" } } })).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("rows[0].x1", rows.Text, StringComparison.Ordinal);
        Assert.Contains("rows[0].x2", rows.Text, StringComparison.Ordinal);
        Answer many = (await platform.PostAsync($"/api/models/{model}/explain", new { rows = Enumerable.Repeat(Rows[0], 101) })).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("101", many.Text, StringComparison.Ordinal);
        Answer absent = (await platform.PostAsync($"/api/models/{model}/explain", new { rows = Rows, version = 2 })).Expect(HttpStatusCode.NotFound);
        Assert.Contains("version 2", absent.Text, StringComparison.Ordinal);
        Answer version = (await platform.PostAsync($"/api/models/{model}/explain", new { rows = Rows, version = "newest" })).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("version:", version.Text, StringComparison.Ordinal);
        Answer body = await platform.SendAsync(HttpMethod.Post, $"/api/models/{model}/explain", new StringContent("not json", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, body.Status);
    }

    private static double Sum(JsonElement score) => score.GetProperty("base").GetDouble() + score.GetProperty("values").EnumerateObject().Sum(value => value.Value.GetDouble());

    private async Task<string> TrainAsync(string prefix, string trainer, string csv)
    {
        string model = TestNames.Model(prefix);
        await platform.DropAsync(model, "model.yaml", $"{SeededData.QuickTraining}".Replace("  maxCandidates: 2\n", $"  candidates:\n    - trainer: {trainer}\n", StringComparison.Ordinal));
        await platform.DropAsync(model, "rows.csv", csv);
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);
        return model;
    }

    // The endpoint sees a new champion within two seconds.
    private async Task<JsonElement[]> PredictAsync(string model, object[] rows)
    {
        Answer answer = await Eventually.GetAsync($"model '{model}' answers", async () => await platform.PredictAsync(model, rows) is { Status: HttpStatusCode.OK } found ? found : null);
        return [.. answer.Json.GetProperty("predictions").EnumerateArray()];
    }
}
