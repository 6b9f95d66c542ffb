using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class CanaryTests(Platform platform)
{
    private const string Training = "training:\n  folds: 2\n  maxCandidates: 2\n";

    [Fact]
    public async Task SecondData_BetterModel_TakesOverAsACanary()
    {
        string model = TestNames.Model("canary");
        await platform.DropAsync(model, "model.yaml", Training + "rollout:\n  steps: [50]\n  bake: 2s\n  errorMargin: 0.25\n  minRequests: 20\n");
        await TrainAsync(model, "first.csv", SeededData.Csv(11, rows: 150, noise: 0.2));
        await platform.ChampionAsync(model, 1);
        await TrainAsync(model, "second.csv", SeededData.Csv(12, rows: 1500));

        // Both versions answer once the endpoint sees the new shares; a key goes over to the new version at most once.
        HashSet<int> answered = [];
        Dictionary<string, int> versionOf = [];
        await Eventually.HoldsAsync("both versions answer", async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                int version = await VersionAsync(model, $"customer-{i}");
                Assert.True(version >= versionOf.GetValueOrDefault($"customer-{i}"), $"customer-{i} went back to version {version}.");
                answered.Add(versionOf[$"customer-{i}"] = version);
            }

            return answered.SetEquals([1, 2]);
        });
        await Eventually.HoldsAsync("version 2 becomes the champion under traffic", async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => VersionAsync(model, Guid.NewGuid().ToString())));
            return (await platform.FindModelAsync(model))!.Value.GetProperty("aliases").GetProperty("champion").GetInt32() == 2;
        });
        JsonElement ledger = (await platform.GetAsync($"/api/models/{model}/ledger")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(["register", "promote", "register", "canary", "promote"], ledger.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()));
        Assert.False(ledger.TryGetProperty("brokenAt", out _));
    }

    [Fact]
    public async Task Canary_WithoutTraffic_Waits()
    {
        string model = TestNames.Model("idle");
        await platform.DropAsync(model, "model.yaml", Training + "rollout:\n  steps: [20]\n  bake: 0s\n");
        await TrainAsync(model, "first.csv", SeededData.Csv(13, rows: 150, noise: 0.2));
        await platform.ChampionAsync(model, 1);
        JsonElement second = await TrainAsync(model, "second.csv", SeededData.Csv(14, rows: 1500));
        await Eventually.HoldsAsync("the rollout says what it waits for", async () =>
            (await platform.GetAsync($"/api/pipelines/{second.GetProperty("id").GetString()}")).Text.Contains("are needed to decide", StringComparison.Ordinal));
        JsonElement found = (await platform.FindModelAsync(model))!.Value;
        Assert.Equal((1, 2), (found.GetProperty("aliases").GetProperty("champion").GetInt32(), found.GetProperty("aliases").GetProperty("challenger").GetInt32()));
    }

    private async Task<int> VersionAsync(string model, string? key) =>
        (await platform.PredictAsync(model, [SeededData.Row(true)], key)).Expect(HttpStatusCode.OK).Json.GetProperty("version").GetInt32();

    private async Task<JsonElement> TrainAsync(string model, string file, string csv)
    {
        await platform.DropAsync(model, file, csv);
        JsonElement pipeline = await platform.PipelineOfAsync(model, file);
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        return pipeline;
    }
}
