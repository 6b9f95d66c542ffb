using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Mlops.Core.Configuration;
using Mlops.Core.Learning;
using Mlops.Core.Registry;
using Mlops.Core.Serving;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.ChangePoints;
using Mlops.Functions.Arrival;
using Mlops.Functions.Feedback;
using Mlops.Functions.Hosting;
using Mlops.Functions.Inference;
using Mlops.Functions.Notifications;
using Mlops.Functions.Training;
using Mlops.Storage.Datasets;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Registry;
using Mlops.Storage.Retraining;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Monitoring;

/// <summary>Compares what a model was asked lately with what its champion learned from, and tells when it differs.</summary>
public sealed class DriftMonitor(
    RegistryStore registry, PredictionLog predictions, DatasetStore datasets, ModelCache models, DriftStore reports,
    RunStore runs, FeedbackStore feedback, PlatformEvents events, Notifier notifier, ConfigurationReader configurations, IConfiguration settings, TimeProvider time, ILogger<DriftMonitor> logger)
{
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
        DriftWindow asked = await WindowAsync(model, champion, signature, reference, from, now, cancellationToken);
        TableProfile window = asked.End();
        // What was found of an earlier champion says nothing about this one.
        IReadOnlyList<DriftSummary> earlier = [.. (await reports.ListAsync(model, options.PersistWindows, cancellationToken)).TakeWhile(summary => summary.Version == champion.Number)];
        // persistWindows is not passed on: windows overlap, so waiting for several must not make each one more lenient, as it could if they were independent.
        DriftOptions test = new()
        {
            FalseAlarmsPerMonth = options.FalseAlarmsPerMonth,
            WindowsPerMonth = _windowsPerMonth,
            MinimumEffect = options.MinimumEffect,
            MinimumRows = options.MinRows,
            Weights = await WeightsAsync(model, champion, signature, cancellationToken),
        };
        DriftReport report = DriftTest.Compare(reference, window, test) with { Reference = $"the training data of version {champion.Number}" };
        if (report.Verdict == DriftVerdict.Drift)
        {
            report = SeasonalReference.Reconsider(report, window, await SeasonAsync(record, champion, window, options, now, cancellationToken), options.Seasonality, test);
        }

        report = report with { Loss = asked.CompareLosses(report.Alpha) };
        bool declared = report.Verdict == DriftVerdict.Drift
            && Persistence.IsAlarm([.. earlier.Take(options.PersistWindows - 1).Reverse().Select(summary => summary.Verdict == DriftVerdict.Drift), true], options.PersistWindows, options.PersistWindows);
        string id = now.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        DriftSummary summary = new(id, model, champion.Number, now, report.Verdict, report.Rows, report.Summary, Published: !declared, report.IsSeasonal);
        bool kept = options.Seasonality != Seasonality.None && report.Verdict != DriftVerdict.TooFewRows;
        await reports.AddAsync(summary, report, kept ? window : null, cancellationToken);
        activity?.SetTag(Telemetry.Verdict, report.Verdict.ToString()).SetTag(Telemetry.Rows, report.Rows);
        PlatformMeter.DriftChecked(model, champion.Number, report.Columns.Select(column => column.EffectSize).Where(double.IsFinite).DefaultIfEmpty().Max());
        Log.DriftChecked(logger, model, report.Summary);
        if (declared)
        {
            await PublishAsync(summary, cancellationToken);
        }

        return summary;
    }

    /// <summary>Earlier windows of the same season.</summary>
    private async Task<IReadOnlyList<TableProfile>> SeasonAsync(ModelRecord record, ModelVersion champion, TableProfile window, MonitoringOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<TableProfile> season = [];
        foreach (DateTimeOffset end in SeasonalReference.Ends(now, options.Window, options.Seasonality, record.Versions[0].Created, record.ChampionSince ?? now))
        {
            // A window that differed from the champion's season is not usual. One that differed from the training data alone may be: that is what a season does.
            if (await reports.FindNearAsync(record.Model, end, SeasonalReference.Tolerance, cancellationToken) is { } summary
                && !(summary.Version == champion.Number && summary.IsSeasonal && summary.Verdict == DriftVerdict.Drift)
                && await reports.FindWindowAsync(summary, cancellationToken) is { } profile && SeasonalReference.Fits(profile, window))
            {
                season.Add(profile);
                if (season.Count == SeasonalReference.MostWindows)
                {
                    break;
                }
            }
        }

        return season;
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

    private async Task<DriftWindow> WindowAsync(
        string model, ModelVersion champion, ModelSignature signature, TableProfile reference, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        LossProfile? losses = await runs.FindArtifactAsync<LossProfile>(ExportWinner.LossesArtifact(model, champion.Pipeline), cancellationToken);
        DriftWindow window = new(model, signature, reference, losses);
        DateTimeOffset? labelled = null;
        Dictionary<string, string> labels = [];
        await foreach (PredictionRecord prediction in predictions.ReadAsync(model, from, to, cancellationToken))
        {
            // The log comes hour by hour, and labels are kept by the hour of their prediction.
            if (losses is not null && PredictionId.HourOf(prediction.Time) is var hour && hour != labelled)
            {
                labels = new(await feedback.ReadAsync(model, hour, hour, cancellationToken), StringComparer.Ordinal);
                labelled = hour;
            }

            // Of other versions only the inputs count here. Taken out, so that a line that was logged twice counts once.
            window.Add(prediction, prediction.Version == champion.Number && labels.Remove(prediction.Id, out string? label) ? PredictionLoss.Of(prediction, label) ?? double.NaN : double.NaN);
        }

        return window;
    }

    private static TableProfile OnlyInputs(TableProfile profile, ModelSignature signature) =>
        new(profile.Rows, [.. signature.Inputs.Select(input => profile.Find(input.Name)).OfType<ColumnProfile>()]);
}
