using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Registry;
using Mlops.Core.Serving;
using Mlops.Core.Statistics;
using Mlops.Functions.Arrival;
using Mlops.Functions.Hosting;
using Mlops.Functions.Inference;
using Mlops.Functions.Notifications;
using Mlops.Functions.Training;
using Mlops.Storage.Datasets;
using Mlops.Storage.Inference;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Registry;
using Mlops.Storage.Retraining;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Monitoring;

/// <summary>Compares what a model was asked lately with what its champion learned from, and tells when it differs.</summary>
public sealed class DriftMonitor(
    RegistryStore registry, PredictionLog predictions, DatasetStore datasets, ModelCache models, DriftStore reports,
    RunStore runs, PlatformEvents events, Notifier notifier, ConfigurationReader configurations, IConfiguration settings, TimeProvider time, ILogger<DriftMonitor> logger)
{
    // The window is profiled in parts of this many rows, so memory does not grow with the traffic.
    private const int PartRows = 5_000;

    private readonly double _windowsPerMonth = DriftSchedule.WindowsPerMonth(settings["MlopsDriftSchedule"]);

    /// <summary>Checks one model. Returns null while it has no champion.</summary>
    public async Task<DriftSummary?> CheckAsync(string model, CancellationToken cancellationToken)
    {
        // A trace of its own: what a declared drift starts, up to the model that takes over, belongs to it.
        using Activity? activity = Telemetry.Source.StartActivity("check drift")?.SetTag(Telemetry.Model, model);
        await PublishPendingAsync(model, cancellationToken);
        ModelRecord record = await registry.ReadAsync(model, cancellationToken);
        if (record.Traffic is not { } traffic || record.Find(traffic.Champion) is not { } champion)
        {
            return null;
        }

        MonitoringOptions options = (await configurations.ReadOrDefaultAsync(model, cancellationToken)).Monitoring;
        DateTimeOffset now = time.GetUtcNow();
        activity?.SetTag(Telemetry.ModelVersion, champion.Number).SetTag(Telemetry.Run, champion.Run);
        using IDisposable? scope = Log.Scope(logger, model, champion.Number, champion.Run);

        // Predictions before the present champion were answered by another reference.
        DateTimeOffset from = record.ChampionSince > now - options.Window ? record.ChampionSince.Value : now - options.Window;
        ModelSignature signature = (await models.GetAsync(model, champion, cancellationToken)).Signature;
        TableProfile reference = await ReferenceAsync(model, champion, signature, cancellationToken);
        TableProfile window = await WindowAsync(model, signature, reference, from, now, cancellationToken);
        // What was found of an earlier champion says nothing about this one.
        IReadOnlyList<DriftSummary> earlier = [.. (await reports.ListAsync(model, options.PersistWindows, cancellationToken)).TakeWhile(summary => summary.Version == champion.Number)];
        // persistWindows is not passed on: windows overlap, so waiting for several must not make each one more lenient, as it could if they were independent.
        DriftReport report = DriftTest.Compare(reference, window, new DriftOptions
        {
            FalseAlarmsPerMonth = options.FalseAlarmsPerMonth,
            WindowsPerMonth = _windowsPerMonth,
            MinimumEffect = options.MinimumEffect,
            MinimumRows = options.MinRows,
            Weights = await WeightsAsync(model, champion, signature, cancellationToken),
        });
        bool declared = report.Verdict == DriftVerdict.Drift
            && Persistence.IsAlarm([.. earlier.Take(options.PersistWindows - 1).Reverse().Select(summary => summary.Verdict == DriftVerdict.Drift), true], options.PersistWindows, options.PersistWindows);
        string id = now.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        DriftSummary summary = new(id, model, champion.Number, now, report.Verdict, report.Rows, report.Summary, Published: !declared);
        await reports.AddAsync(summary, report, cancellationToken);
        activity?.SetTag(Telemetry.Verdict, report.Verdict.ToString()).SetTag(Telemetry.Rows, report.Rows);
        PlatformMeter.DriftChecked(model, champion.Number, report.Columns.Select(column => column.EffectSize).Where(double.IsFinite).DefaultIfEmpty().Max());
        Log.DriftChecked(logger, model, report.Summary);
        if (declared)
        {
            await PublishAsync(summary, cancellationToken);
        }

        return summary;
    }

    private async Task PublishPendingAsync(string model, CancellationToken cancellationToken)
    {
        foreach (DriftSummary pending in (await reports.ListAsync(model, 10, cancellationToken)).Where(summary => !summary.Published))
        {
            await PublishAsync(pending, cancellationToken);
        }
    }

    private async Task PublishAsync(DriftSummary summary, CancellationToken cancellationToken)
    {
        await events.PublishAsync(
            $"drift-{summary.Id}", PlatformEvents.DriftDetected, $"models/{summary.Model}", new { model = summary.Model, report = summary.Id, summary = summary.Summary, traceparent = Activity.Current?.Id }, cancellationToken);
        await notifier.TellAsync($"drift-{summary.Model}-{summary.Id}", PlatformEvents.DriftDetected, summary.Model, $"{summary.Summary} Report: /api/models/{summary.Model}/drift/{summary.Id}", cancellationToken);
        await reports.MarkPublishedAsync(summary, cancellationToken);
    }

    // A model that no pipeline of this platform trained has no importances: then all columns weigh the same.
    private async Task<IReadOnlyDictionary<string, double>?> WeightsAsync(string model, ModelVersion champion, ModelSignature signature, CancellationToken cancellationToken) =>
        await runs.FindArtifactTextAsync($"{model}/{champion.Pipeline}/importance.json", cancellationToken) is { } json
            && JsonSerializer.Deserialize<IReadOnlyList<FeatureImportance>>(json, JsonSerializerOptions.Web) is { } importances
            ? DriftWeights.Of(importances, [.. signature.Inputs.Select(input => input.Name)])
            : null;

    private async Task<TableProfile> ReferenceAsync(string model, ModelVersion champion, ModelSignature signature, CancellationToken cancellationToken)
    {
        if (signature.Forecast is not null && await runs.FindArtifactTextAsync(ExportWinner.ReferenceArtifact(model, champion.Pipeline), cancellationToken) is { } reference)
        {
            return TableProfile.FromJson(reference);
        }

        List<TableProfile> profiles = [];
        foreach (string dataset in champion.Datasets)
        {
            profiles.Add(await datasets.ReadProfileAsync(model, dataset, cancellationToken));
        }

        return OnlyInputs(profiles.Count == 1 ? profiles[0] : TableProfile.Merge(profiles), signature);
    }

    private async Task<TableProfile> WindowAsync(string model, ModelSignature signature, TableProfile reference, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        List<TableProfile> parts = [];
        JsonArray rows = [];
        await foreach (PredictionRecord prediction in predictions.ReadAsync(model, from, to, cancellationToken))
        {
            JsonObject row = prediction.Inputs.DeepClone().AsObject();
            foreach (InputColumn input in signature.Inputs)
            {
                row.TryAdd(input.Name, null);
            }

            foreach (string other in row.Select(property => property.Key).Except(signature.Inputs.Select(input => input.Name)).ToArray())
            {
                row.Remove(other);
            }

            rows.Add(row);
            if (rows.Count == PartRows)
            {
                AddPart();
            }
        }

        if (rows.Count > 0)
        {
            AddPart();
        }

        return parts.Count switch
        {
            0 => new TableProfile(0, []),
            1 => parts[0],
            _ => TableProfile.Merge(parts),
        };

        void AddPart()
        {
            using JsonDocument document = JsonSerializer.SerializeToDocument(rows);
            (DataTable? table, IReadOnlyList<string> problems) = RowReader.Read(document.RootElement, signature, PartRows);
            parts.Add(TableProfile.Of(table ?? throw new PipelineException($"Logged predictions of '{model}' do not fit version's inputs: {problems[0]}"), reference));
            rows = [];
        }
    }

    private static TableProfile OnlyInputs(TableProfile profile, ModelSignature signature) =>
        new(profile.Rows, [.. signature.Inputs.Select(input => profile.Find(input.Name)).OfType<ColumnProfile>()]);
}
