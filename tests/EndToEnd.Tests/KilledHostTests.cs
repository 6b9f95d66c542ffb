using System.Diagnostics;
using System.Globalization;
using System.Net;
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
        Assert.Equal(undisturbed, killed);
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

    /// <summary>Trains on a platform of its own, and answers the hash of the model.</summary>
    private static async Task<string> TrainAsync(string csv, bool kill)
    {
        await using var platform = await Platform.StartAsync();
        const string Model = "survivor";
        await platform.DropAsync(Model, "model.yaml", "training:\n  maxCandidates: 4\n");
        await platform.DropAsync(Model, "rows.csv", csv);
        if (kill)
        {
            await Eventually.HoldsAsync(
                "a candidate trains",
                async () => await platform.FindModelAsync(Model) is { } found
                    && found.GetProperty("pipelines").EnumerateArray().FirstOrDefault() is { ValueKind: System.Text.Json.JsonValueKind.Object } pipeline
                    && (await platform.GetAsync($"/api/pipelines/{pipeline.GetProperty("id").GetString()}")).Text.Contains("train-", StringComparison.Ordinal));
            await platform.Host.KillAsync();
            await platform.Host.StartAsync();
        }

        var ended = await platform.PipelineOfAsync(Model, "rows.csv");
        Assert.True(ended.GetProperty("status").GetString() == "promoted", ended.ToString());
        return (await platform.FindModelAsync(Model))!.Value.GetProperty("versions")[0].GetProperty("hash").GetString()!;
    }
}
