using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class DriftTests(Platform platform)
{
    [Fact]
    public async Task Predictions_OfAnotherWorld_DeclareDriftAndRetrainOnTheirLabels()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining + "monitoring:\n  minRows: 401\n");
        await platform.DropAsync(model, "first.csv", SeededData.Csv(51, rows: 500));
        Assert.Equal("promoted", (await platform.PipelineOfAsync(model, "first.csv")).GetProperty("status").GetString());
        await platform.ChampionAsync(model, 1);

        // In this world x1 is ten times as large, and the label follows x2 alone.
        var rows = Enumerable.Range(0, 400).Select(i => (X1: 10 + (i % 20 * 0.1), X2: i % 2 == 0 ? 0.5 + (i % 7 * 0.1) : -0.5 - (i % 5 * 0.1))).ToList();
        var answer = (await platform.PredictAsync(model, rows.Select(r => new { x1 = r.X1, x2 = r.X2, colour = "red" }))).Expect(HttpStatusCode.OK).Json;
        var ids = answer.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("id").GetString()).ToList();
        var labels = ids.Zip(rows, (id, row) => new { id, label = row.X2 > 0 ? "yes" : "no" });
        (await platform.PostAsync($"/api/models/{model}/feedback", new { labels })).Expect(HttpStatusCode.Accepted);

        // Other tests have all models checked as well: without one more row, which comes after all labels, nothing is declared, and nothing is trained, on a part of them.
        (await platform.PredictAsync(model, [new { x1 = rows[0].X1, x2 = rows[0].X2, colour = "red" }])).Expect(HttpStatusCode.OK);
        var drift = await platform.DriftAsync(model, r => r.GetProperty("verdict").GetString() == "drift");
        (await platform.GetAsync($"/api/models/{model}/drift/{drift}")).Expect(HttpStatusCode.OK);

        // Columns weigh as much as they matter to the champion: the mean is 1, and they do not matter alike.
        var report = (await platform.GetAsync($"/api/models/{model}/drift/{drift}?format=json")).Expect(HttpStatusCode.OK).Json;
        var weights = report.GetProperty("columns").EnumerateArray().DistinctBy(c => c.GetProperty("column").GetString()).Select(c => c.GetProperty("weight").GetDouble()).ToList();
        Assert.Equal(1, weights.Average(), 1e-9);
        Assert.NotEqual(weights.Min(), weights.Max());

        // The labels follow x2 alone, which the champion was not taught: it is wrong more often than on the rows kept out of its training, and the report says where.
        var loss = report.GetProperty("loss");
        Assert.Equal(400, loss.GetProperty("rows").GetInt64());
        Assert.True(loss.GetProperty("loss").GetDouble() > loss.GetProperty("referenceLoss").GetDouble(), loss.ToString());
        Assert.Contains("the model has become worse", loss.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.True(loss.GetProperty("causes")[0].GetProperty("rate").GetDouble() + loss.GetProperty("causes")[0].GetProperty("mix").GetDouble() > 0, loss.ToString());
        Assert.Contains("How right the model was", (await platform.GetAsync($"/api/models/{model}/drift/{drift}")).Text, StringComparison.Ordinal);

        var pipeline = await Eventually.GetAsync(
            "the governor accepts the retraining",
            async () => (await platform.GetAsync($"/api/models/{model}/retrain")).Expect(HttpStatusCode.OK).Json.EnumerateArray()
                .Where(d => d.GetProperty("accepted").GetBoolean() && d.GetProperty("request").GetProperty("trigger").GetString() == "drift")
                .Select(d => d.GetProperty("pipeline").GetString()).FirstOrDefault());
        var retrained = await platform.PipelineAsync(pipeline);
        Assert.True(retrained.GetProperty("status").GetString() is "promoted" or "rejected" or "inconclusive", retrained.ToString());
        var found = (await platform.FindModelAsync(model))!.Value;
        Assert.Equal(2, found.GetProperty("versions").GetArrayLength());
        Assert.Equal(2, found.GetProperty("datasets").GetArrayLength());
    }
}
