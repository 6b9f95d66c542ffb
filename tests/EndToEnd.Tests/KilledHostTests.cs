using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class KilledHostTests
{
    [ProcessFact]
    public async Task Kill_HostWithItsOwnStorage_EndsTheStorageProcessToo()
    {
        await using var host = await HostProcess.StartAsync(storage: null, settings: Platform.Settings);
        var pidFile = Path.Combine(host.DataDirectory, "azurite", "azurite.pid");
        using var azurite = Process.GetProcessById(int.Parse((await File.ReadAllTextAsync(pidFile)).Split(' ')[0], CultureInfo.InvariantCulture));
        await host.KillAsync();
        await Eventually.HoldsAsync("Azurite ends after its parent was killed", () => Task.FromResult(azurite.HasExited), TimeSpan.FromSeconds(30));
        await host.StartAsync();
    }

    [ProcessFact]
    public async Task Kill_InTheMiddleOfTraining_EndsWithTheSameModel()
    {
        // Two platforms, because the same data under the same model name would be known already.
        var csv = SeededData.Csv(41, rows: 3000);
        var undisturbed = await TrainAsync(csv, kill: false);
        var killed = await TrainAsync(csv, kill: true);
        Assert.Equal(undisturbed.Hash, killed.Hash);

        // What was measured before was not measured again.
        Assert.Equal((0, 1), (undisturbed.Resumed, killed.Resumed));
    }

    [ProcessFact]
    public async Task Kill_FiveSecondsAfterPredictions_LosesNoneOfThem()
    {
        await using var platform = await Platform.StartAsync();
        const string Model = "logged";
        await platform.DropAsync(Model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(Model, "rows.csv", SeededData.Csv(42));
        await platform.PipelineOfAsync(Model, "rows.csv");
        await platform.ChampionAsync(Model, 1);
        var answer = (await platform.PredictAsync(Model, Enumerable.Repeat(SeededData.Row(true), 200))).Expect(HttpStatusCode.OK).Json;
        string[] ids = [.. answer.GetProperty("predictions").EnumerateArray().Select(prediction => prediction.GetProperty("id").GetString()!)];
        await Task.Delay(TimeSpan.FromSeconds(5));
        await platform.Host.KillAsync();
        await platform.Host.StartAsync();
        foreach (var id in ids.Where((_, i) => i % 40 == 0).Append(ids[^1]))
        {
            (await platform.GetAsync($"/api/lineage/{id}")).Expect(HttpStatusCode.OK);
        }
    }

    /// <summary>Trains on a platform of its own, and answers the hash of the model and how often the run of the candidate went on.</summary>
    private static async Task<(string Hash, int Resumed)> TrainAsync(string csv, bool kill)
    {
        await using var platform = await Platform.StartAsync();
        const string Model = "survivor";
        await platform.DropAsync(Model, "model.yaml", "training:\n  folds: 10\n  candidates: [{trainer: boosting, parameters: {iterations: 600, earlyStoppingRounds: 0}}]\n");
        await platform.DropAsync(Model, "rows.csv", csv);
        if (kill)
        {
            await Eventually.HoldsAsync("a candidate has measured a fold and trains on", async () =>
                await FindRunAsync(platform, Model) is { } run
                && (await platform.GetAsync($"/api/runs/{run.GetProperty("id").GetString()}")).Json.GetProperty("points").GetArrayLength() > 0);
            await platform.Host.KillAsync();
            await platform.Host.StartAsync();
        }

        var ended = await platform.PipelineOfAsync(Model, "rows.csv");
        Assert.True(ended.GetProperty("status").GetString() == "promoted", ended.ToString());
        var hash = (await platform.FindModelAsync(Model))!.Value.GetProperty("versions")[0].GetProperty("hash").GetString()!;
        return (hash, (await FindRunAsync(platform, Model))!.Value.GetProperty("resumed").GetInt32());
    }

    /// <summary>The run of the candidate; the baseline has one too, and the order of runs is that of their ids, which differ from platform to platform.</summary>
    private static async Task<JsonElement?> FindRunAsync(Platform platform, string model) =>
        await platform.FindModelAsync(model) is { } found
        && found.GetProperty("pipelines").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } pipeline
        && (await platform.GetAsync($"/api/pipelines/{pipeline.GetProperty("id").GetString()}")).Json.GetProperty("runs").EnumerateArray()
            .FirstOrDefault(run => run.GetProperty("trainer").GetString() == "boosting") is { ValueKind: JsonValueKind.Object } run
            ? run
            : null;
}
