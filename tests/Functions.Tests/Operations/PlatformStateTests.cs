using Mlops.Core.Retraining;
using Mlops.Core.Statistics;
using Mlops.Core.Traffic;
using Mlops.Functions.Operations;
using Mlops.Storage;
using Mlops.Storage.Inference;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Operations;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;
using Mlops.Storage.Retraining;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Operations;

public class PlatformStateTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task ReadAsync_ShowsWhatLiesInStorage_AndCountersNeverGoBack()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        string model = TestNames.Model();
        RegistryStore registry = new(connection, TimeProvider.System);
        TrafficStore traffic = new(connection);
        TrafficTotals totals = new(connection, traffic);
        PipelineStore pipelines = new(connection, TimeProvider.System);
        DriftStore drift = new(connection);
        RetrainingStore retraining = new(connection);
        HeartbeatStore heartbeats = new(connection);
        PlatformState state = new(registry, totals, new PipelineOutcomes(connection), drift, retraining, new QueueMeter(connection), heartbeats);
        await registry.AddModelAsync(model, CancellationToken.None);
        List<Scrape> scrapes = [await ScrapeAsync()];

        await traffic.WriteAsync(model, 1, Now, new CanaryWindow(3, 1, LatencyHistogram.Of([0.5, 4, 40_000]), Milliseconds: 40_004.5), Now, CancellationToken.None);
        scrapes.Add(await ScrapeAsync());
        await totals.FoldAsync(Now.AddHours(3), CancellationToken.None);
        scrapes.Add(await ScrapeAsync());
        await traffic.WriteAsync(model, 1, Now.AddHours(4), new CanaryWindow(1, 0, LatencyHistogram.Of([4]), Milliseconds: 4), Now.AddHours(4), CancellationToken.None);
        await pipelines.AddAsync(new PipelineRecord($"{model}-1", model, "drift", "report", Now), CancellationToken.None);
        await pipelines.SetOutcomeAsync($"{model}-1", "promoted", "better", 1, CancellationToken.None);
        await drift.AddAsync(new DriftSummary("1", model, 1, Now, DriftVerdict.TooFewRows, 7, "too few", true), new DriftReport(DriftVerdict.TooFewRows, 0.01, 7, [], "too few"), null, CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            GovernorSnapshot before = await retraining.ReadStateAsync(model, CancellationToken.None);
            RetrainingDecision decision = new(new RetrainingRequest($"r{i}", model, "drift", "drifted", Now), Accepted: i == 0, "because", null, Now.AddMinutes(i));
            Assert.True(await retraining.TryCommitAsync(before, before.State, decision, CancellationToken.None));
        }

        await heartbeats.SucceededAsync("DriftTimer", "1", Now, null, CancellationToken.None);
        scrapes.Add(await ScrapeAsync());

        Scrape last = scrapes[^1];
        string version = $"model=\"{model}\",version=\"1\"";
        Assert.Equal(4, last[$"mlops_prediction_requests_total{{{version}}}"]);
        Assert.Equal(1, last[$"mlops_prediction_errors_total{{{version}}}"]);
        Assert.Equal(1, last[$"mlops_prediction_duration_seconds_bucket{{{version},le=\"0.001\"}}"]);
        Assert.Equal(3, last[$"mlops_prediction_duration_seconds_bucket{{{version},le=\"0.005\"}}"]);
        Assert.Equal(3, last[$"mlops_prediction_duration_seconds_bucket{{{version},le=\"30\"}}"]);
        Assert.Equal(4, last[$"mlops_prediction_duration_seconds_bucket{{{version},le=\"+Inf\"}}"]);
        Assert.Equal(4, last[$"mlops_prediction_duration_seconds_count{{{version}}}"]);
        Assert.Equal(40.0085, last[$"mlops_prediction_duration_seconds_sum{{{version}}}"], 1e-9);
        Assert.Equal(1, last[$"mlops_pipelines_total{{model=\"{model}\",trigger=\"drift\",outcome=\"promoted\"}}"]);
        Assert.Equal(1, last[$"mlops_drift_verdict{{model=\"{model}\",verdict=\"too_few_rows\"}}"]);
        Assert.Equal(0, last[$"mlops_drift_verdict{{model=\"{model}\",verdict=\"drift\"}}"]);
        Assert.Equal(7, last[$"mlops_drift_window_rows{{model=\"{model}\"}}"]);
        Assert.Equal(Now.ToUnixTimeSeconds(), last[$"mlops_drift_last_check_timestamp_seconds{{model=\"{model}\"}}"]);
        Assert.Equal(1, last[$"mlops_retraining_decisions_total{{model=\"{model}\",answer=\"accepted\"}}"]);
        Assert.Equal(2, last[$"mlops_retraining_decisions_total{{model=\"{model}\",answer=\"refused\"}}"]);
        Assert.Equal(0, last[$"mlops_model_versions{{model=\"{model}\",state=\"champion\"}}"]);
        Assert.Equal(Now.ToUnixTimeSeconds(), last["mlops_function_last_success_timestamp_seconds{function=\"DriftTimer\"}"]);
        Assert.Contains("mlops_queue_messages{queue=\"blob-events-poison\"}", last.Values.Keys);
        foreach ((Scrape before, Scrape after) in scrapes.Zip(scrapes.Skip(1)))
        {
            Assert.All(before.Monotonic(), sample => Assert.True(after[sample] >= before[sample], $"{sample}: {before[sample]}, then {after[sample]}"));
        }

        async Task<Scrape> ScrapeAsync() => Scrape.Parse(PrometheusText.Write(await state.ReadAsync(CancellationToken.None)));
    }
}
