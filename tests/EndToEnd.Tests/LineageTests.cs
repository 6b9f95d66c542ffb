using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class LineageTests(Platform platform)
{
    [Fact]
    public async Task Lineage_OfAPrediction_GoesBackToTheFile_AndShowsItsLabel()
    {
        string model = TestNames.Model("lineage");
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "first.csv", SeededData.Csv(25));
        await platform.PipelineOfAsync(model, "first.csv");
        await platform.ChampionAsync(model, 1);
        string id = (await platform.PredictAsync(model, [SeededData.Row(true)])).Expect(HttpStatusCode.OK).Json.GetProperty("predictions")[0].GetProperty("id").GetString()!;
        (await platform.PostAsync($"/api/models/{model}/feedback", new { labels = new[] { new { id, label = "yes" } } })).Expect(HttpStatusCode.Accepted);
        JsonElement lineage = (await Eventually.GetAsync("the prediction is in the log", async () =>
            await platform.GetAsync($"/api/lineage/{id}") is { Status: HttpStatusCode.OK } answer ? answer : null)).Json;
        Assert.Equal("yes", lineage.GetProperty("label").GetString());
        string[] relations = [.. lineage.GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("relation").GetString()!).Order()];
        Assert.Equal(["became", "made", "predicted", "registered", "trained"], relations);
        Assert.Contains($"file:data/{model}/first.csv", lineage.ToString(), StringComparison.Ordinal);
        (await platform.GetAsync($"/api/lineage/file:data/{model}/first.csv")).Expect(HttpStatusCode.OK);
        (await platform.GetAsync("/api/lineage/nothing")).Expect(HttpStatusCode.NotFound);
    }
}
