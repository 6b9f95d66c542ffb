using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class RollbackTests(Platform platform)
{
    [Fact]
    public async Task Rollback_RunningCanary_IsWithdrawn()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);

        // Half of the first labels are drawn by chance, so that the second data makes a clearly better model.
        await platform.DropAsync(model, "first.csv", SeededData.Csv(31, rows: 800, noise: 0.5));
        Assert.Equal("promoted", Status(await platform.PipelineOfAsync(model, "first.csv")));
        await platform.ChampionAsync(model, 1);
        await platform.DropAsync(model, "second.csv", SeededData.Csv(32, rows: 3000));
        var second = await platform.PipelineOfAsync(model, "second.csv");
        Assert.True(Status(second) == "promoted", second.ToString());
        await Eventually.HoldsAsync("version 2 is the challenger", async () => Alias(await platform.FindModelAsync(model), "challenger") == 2);

        // A caller stays with the version that the key was given.
        var seen = new HashSet<int>();
        for (var key = 0; key < 40; key++)
        {
            var first = await VersionAsync(model, $"caller {key}");
            Assert.Equal(first, await VersionAsync(model, $"caller {key}"));
            seen.Add(first);
        }

        Assert.Equal([1, 2], seen.Order());

        (await platform.PostAsync($"/api/models/{model}/rollback", new { reason = "a test" })).Expect(HttpStatusCode.OK);
        var found = await platform.FindModelAsync(model);
        Assert.Equal((1, null), (Alias(found, "champion"), Alias(found, "challenger")));

        // The endpoint sees a switch within ten seconds.
        await Eventually.HoldsAsync("version 1 answers every caller", async () => (await Task.WhenAll(Enumerable.Range(0, 20).Select(key => VersionAsync(model, $"caller {key}")))).All(v => v == 1));
        var ledger = (await platform.GetAsync($"/api/models/{model}/ledger")).Expect(HttpStatusCode.OK).Json;
        Assert.Contains("a test", ledger.ToString(), StringComparison.Ordinal);
        Assert.False(ledger.TryGetProperty("brokenAt", out _));
    }

    [Fact]
    public async Task Rollback_OnlyChampion_IsRefusedWithTheReason()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "first.csv", SeededData.Csv(33));
        await platform.PipelineOfAsync(model, "first.csv");
        await platform.ChampionAsync(model, 1);
        var answer = (await platform.PostAsync($"/api/models/{model}/rollback")).Expect(HttpStatusCode.Conflict);
        Assert.Contains("one champion", answer.Text, StringComparison.Ordinal);
        Assert.Equal(1, Alias(await platform.FindModelAsync(model), "champion"));
    }

    private static string? Status(JsonElement pipeline) => pipeline.GetProperty("status").GetString();

    private static int? Alias(JsonElement? model, string alias) =>
        model is { } found && found.GetProperty("aliases").TryGetProperty(alias, out var version) ? version.GetInt32() : null;

    private async Task<int> VersionAsync(string model, string key) =>
        (await platform.PredictAsync(model, [SeededData.Row(true)], key)).Expect(HttpStatusCode.OK).Json.GetProperty("predictions")[0].GetProperty("version").GetInt32();
}
