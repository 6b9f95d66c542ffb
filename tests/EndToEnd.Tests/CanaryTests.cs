using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
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
        await platform.DropAsync(model, "model.yaml", Training + "rollout:\n  steps: [50]\n  bake: 2s\n  errorMargin: 0.25\n  latencyMargin: 0.5\n  minRequests: 20\n  alpha: 0.001\n");
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

    [Fact]
    public async Task Canary_WhoseFileIsLost_FailsItsCallersAndIsTakenBack()
    {
        string model = TestNames.Model("lost");
        await platform.DropAsync(model, "model.yaml", Training + "rollout:\n  steps: [50]\n  bake: 1h\n");
        await TrainAsync(model, "first.csv", SeededData.Csv(13, rows: 150, noise: 0.2));
        await platform.ChampionAsync(model, 1);
        await TrainAsync(model, "second.csv", SeededData.Csv(14, rows: 1500));
        await ChallengerAsync(model, 2);
        await foreach (BlobItem blob in Models.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{model}/{await HashAsync(model, 2)}", CancellationToken.None))
        {
            await Models.DeleteBlobAsync(blob.Name);
        }

        // Half of the callers get errors now; the other half are served as ever.
        HashSet<HttpStatusCode> seen = [];
        JsonElement ledger = await WithdrawnAsync(model, async () =>
        {
            foreach (Answer answer in await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => platform.PredictAsync(model, [SeededData.Row(true)], Guid.NewGuid().ToString()))))
            {
                seen.Add(answer.Status);
            }
        });
        Assert.Contains(HttpStatusCode.OK, seen);
        Assert.Contains(seen, status => (int)status >= 500);
        Assert.Contains("of the canary's requests failed", ledger.ToString(), StringComparison.Ordinal);
        await Eventually.HoldsAsync("version 1 answers all", async () => (await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => platform.PredictAsync(model, [SeededData.Row(true)], Guid.NewGuid().ToString()))))
            .All(answer => answer.Status == HttpStatusCode.OK && answer.Json.GetProperty("version").GetInt32() == 1));
    }

    [Fact]
    public async Task Canary_TrainedOnWrongLabels_IsTakenBackByTheTruth()
    {
        // The second file says yes for no. Trained and judged on it alone, its model passes the gate; those who know the truth tell otherwise.
        string model = TestNames.Model("wrong");
        await platform.DropAsync(model, "model.yaml", "training:\n  data: newest\n  folds: 2\n  maxCandidates: 2\nrollout:\n  steps: [50]\n  bake: 1h\n");
        await TrainAsync(model, "first.csv", SeededData.Csv(17, rows: 600));
        await platform.ChampionAsync(model, 1);
        await TrainAsync(model, "second.csv", SeededData.Csv(18, rows: 600).Replace(",yes\n", ",?\n", StringComparison.Ordinal).Replace(",no\n", ",yes\n", StringComparison.Ordinal).Replace(",?\n", ",no\n", StringComparison.Ordinal));
        await ChallengerAsync(model, 2);

        JsonElement ledger = await WithdrawnAsync(model, async () =>
        {
            JsonElement[] answers = [.. (await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => platform.PredictAsync(model, [SeededData.Row(true)], Guid.NewGuid().ToString())))).Select(answer => answer.Expect(HttpStatusCode.OK).Json)];
            var labels = answers.Select(answer => new { id = answer.GetProperty("predictions")[0].GetProperty("id").GetString(), label = "yes" });
            (await platform.PostAsync($"/api/models/{model}/feedback", new { labels })).Expect(HttpStatusCode.Accepted);
        });
        Assert.Contains("of the canary's labelled predictions were wrong", ledger.ToString(), StringComparison.Ordinal);
    }

    private BlobContainerClient Models => new(platform.Storage, "models");

    private Task ChallengerAsync(string model, int version) => Eventually.HoldsAsync($"version {version} is the challenger", async () =>
        (await platform.FindModelAsync(model))!.Value.GetProperty("aliases").TryGetProperty("challenger", out JsonElement challenger) && challenger.GetInt32() == version);

    private async Task<string?> HashAsync(string model, int version) =>
        (await platform.FindModelAsync(model))!.Value.GetProperty("versions").EnumerateArray().Single(v => v.GetProperty("number").GetInt32() == version).GetProperty("hash").GetString();

    /// <summary>Keeps asking until the canary is withdrawn; answers the ledger.</summary>
    private async Task<JsonElement> WithdrawnAsync(string model, Func<Task> ask)
    {
        JsonElement found = default;
        await Eventually.HoldsAsync(
            "the canary is taken back",
            async () =>
            {
                await ask();
                found = (await platform.FindModelAsync(model))!.Value;
                Assert.Equal(1, found.GetProperty("aliases").GetProperty("champion").GetInt32());
                return !found.GetProperty("aliases").TryGetProperty("challenger", out _);
            },
            onTimeout: () => found.ToString());
        JsonElement ledger = (await platform.GetAsync($"/api/models/{model}/ledger")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(["register", "promote", "register", "canary", "withdraw"], ledger.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()));
        return ledger;
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
