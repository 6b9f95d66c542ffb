using System.Collections.Concurrent;
using System.Net;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class TrafficSwitchTests(Platform platform)
{
    private const int Callers = 64;

    [Fact]
    public async Task Predict_SixtyFourCallersDuringASwitch_NoneFails()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", "training:\n  folds: 2\n  maxCandidates: 2\nrollout:\n  steps: []\n");
        await platform.DropAsync(model, "first.csv", SeededData.Csv(61, rows: 800, noise: 0.5));
        Assert.Equal("promoted", (await platform.PipelineOfAsync(model, "first.csv")).GetProperty("status").GetString());
        await platform.ChampionAsync(model, 1);

        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var versions = new ConcurrentDictionary<int, int>();
        using var ended = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(async caller =>
        {
            while (!ended.IsCancellationRequested)
            {
                var answer = await platform.PredictAsync(model, [SeededData.Row(true)], $"caller {caller}");
                statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
                if (answer.Status == HttpStatusCode.OK)
                {
                    versions.AddOrUpdate(answer.Json.GetProperty("predictions")[0].GetProperty("version").GetInt32(), 1, (_, count) => count + 1);
                }

                // Leaves the machine room to train.
                await Task.Delay(TimeSpan.FromMilliseconds(250));
            }
        }).ToList();

        try
        {
            await platform.DropAsync(model, "second.csv", SeededData.Csv(62, rows: 3000));
            var second = await platform.PipelineOfAsync(model, "second.csv");
            Assert.True(second.GetProperty("status").GetString() == "promoted", second.ToString());
            await platform.ChampionAsync(model, 2);
            await Eventually.HoldsAsync("version 2 answers", () => Task.FromResult(versions.ContainsKey(2)));
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(callers);
        }

        Assert.Equal([HttpStatusCode.OK], statuses.Keys);
        Assert.Equal([1, 2], versions.Keys.Order());
    }
}
