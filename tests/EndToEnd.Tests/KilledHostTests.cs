using System.Diagnostics;
using System.Globalization;
using System.Net;
using Mlops.Storage;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Runs;
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
        await Eventually.HoldsAsync("Azurite ends after its parent was killed", () => Task.FromResult(HasEnded(azurite)), TimeSpan.FromMinutes(2));
        await host.StartAsync();
    }

    [ProcessFact]
    public async Task Kill_InTheMiddleOfTraining_EndsWithTheSameModel()
    {
        // Two platforms, because the same data under the same model name would be known already.
        var csv = SeededData.Csv(41, rows: 3000);
        for (var iterations = 600; ; iterations *= 2)
        {
            if (await TrainAsync(csv, iterations, kill: true) is { } killed)
            {
                var undisturbed = (await TrainAsync(csv, iterations, kill: false))!.Value;
                Assert.Equal(undisturbed.Hash, killed.Hash);

                // What was measured before was not measured again.
                Assert.Equal((0, 1), (undisturbed.Resumed, killed.Resumed));
                return;
            }

            Assert.True(iterations < 5_000, "The candidate was always measured before the kill came.");
        }
    }

    [ProcessFact]
    public async Task Kill_SecondsAfterPredictions_LosesNoneOfThem()
    {
        await using var platform = await Platform.StartAsync();
        const string Model = "logged";
        await platform.DropAsync(Model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(Model, "rows.csv", SeededData.Csv(42));
        await platform.PipelineOfAsync(Model, "rows.csv");
        await platform.ChampionAsync(Model, 1);
        var answer = (await platform.PredictAsync(Model, Enumerable.Repeat(SeededData.Row(true), 200))).Expect(HttpStatusCode.OK).Json;
        string[] ids = [.. answer.GetProperty("predictions").EnumerateArray().Select(prediction => prediction.GetProperty("id").GetString()!)];

        // Within two seconds, but who knows how long these are on a busy machine.
        await Eventually.HoldsAsync("the last prediction is in the log", async () => (await platform.GetAsync($"/api/lineage/{ids[^1]}")).Status == HttpStatusCode.OK);
        await platform.Host.KillAsync();
        await platform.Host.StartAsync();
        foreach (var id in ids.Where((_, i) => i % 40 == 0).Append(ids[^1]))
        {
            (await platform.GetAsync($"/api/lineage/{id}")).Expect(HttpStatusCode.OK);
        }
    }

    // What a killed host leaves is, in many containers, asked by nobody how it ended: then it stays listed, as a zombie.
    private static bool HasEnded(Process process)
    {
        try
        {
            return process.HasExited || (OperatingSystem.IsLinux() && File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/stat")).Split(')')[^1].TrimStart().StartsWith('Z'));
        }
        catch (IOException)
        {
            return process.HasExited;
        }
    }

    /// <summary>Trains on a platform of its own, and answers the hash of the model and how often the run of the candidate went on; null when the kill came too late to disturb it.</summary>
    private static async Task<(string Hash, int Resumed)?> TrainAsync(string csv, int iterations, bool kill)
    {
        await using var platform = await Platform.StartAsync();
        const string Model = "survivor";
        await platform.DropAsync(Model, "model.yaml", $"training:\n  folds: 10\n  candidates: [{{trainer: boosting, parameters: {{iterations: {iterations}, earlyStoppingRounds: 0}}}}]\n");
        await platform.DropAsync(Model, "rows.csv", csv);
        if (kill)
        {
            // Asked of storage itself: the host is busy.
            RunStore runs = new(Connect(platform));
            await Eventually.HoldsAsync("a candidate has measured a fold", async () =>
                await FindRunAsync(platform, Model) is { } run && (await runs.ReadMetricsAsync(run.Id, CancellationToken.None)).Count > 0);
            await platform.Host.KillAsync();
            if ((await FindRunAsync(platform, Model))!.Status != "running")
            {
                return null;
            }

            await platform.Host.StartAsync();
        }

        var ended = await platform.PipelineOfAsync(Model, "rows.csv");
        Assert.True(ended.GetProperty("status").GetString() == "promoted", ended.ToString());
        var hash = (await platform.FindModelAsync(Model))!.Value.GetProperty("versions")[0].GetProperty("hash").GetString()!;
        return (hash, (await FindRunAsync(platform, Model))!.Resumed);
    }

    /// <summary>The run of the candidate; the baseline has one too.</summary>
    private static async Task<RunRecord?> FindRunAsync(Platform platform, string model)
    {
        var connection = Connect(platform);
        var pipelines = await new PipelineStore(connection, TimeProvider.System).ListAsync(model, 1, CancellationToken.None);
        return pipelines is [var pipeline]
            ? (await new RunStore(connection).ReadChildrenAsync(pipeline.Id, CancellationToken.None)).FirstOrDefault(run => run.Trainer == "boosting")
            : null;
    }

    private static StorageConnection Connect(Platform platform) => new(name => name == StorageConnection.Name ? platform.Storage : null);
}
