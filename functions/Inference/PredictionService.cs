using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Registry;
using Mlops.Core.Serving;
using Mlops.Core.Traffic;
using Mlops.Functions.Hosting;
using Mlops.Storage.Inference;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Inference;

/// <summary>Scores rows with the version that traffic gives them, and logs what it answered. All endpoints come through here.</summary>
public sealed class PredictionService(RegistryStore registry, TrafficCache traffic, ModelCache models, PredictionLogWriter log, TimeProvider time, ILogger<PredictionService> logger)
{
    /// <summary>Rows in one request at most.</summary>
    public const int MaximumRows = 10_000;

    /// <summary>The model that answers a key, or null while the model has no champion.</summary>
    public async Task<ServingModel?> FindAsync(string model, string? key, CancellationToken cancellationToken)
    {
        if (await traffic.FindAsync(model, cancellationToken) is not { } policy)
        {
            return null;
        }

        // Without a key there is nothing to stick to: every request is its own.
        int number = StickyAssignment.Choose(policy, key ?? Guid.NewGuid().ToString("N"));
        return await GetAsync(model, number, cancellationToken);
    }

    /// <summary>One version of a model, whatever its traffic.</summary>
    public async Task<ServingModel> GetAsync(string model, int number, CancellationToken cancellationToken)
    {
        try
        {
            ModelVersion version = await traffic.GetVersionAsync(model, number, cancellationToken);
            return new ServingModel(model, version, await models.GetAsync(model, version, cancellationToken));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A version that cannot be loaded fails its callers like one that cannot score: the canary rule must see it.
            Log.ScoringFailed(logger, exception, model, number);
            PlatformMeter.Predicted(model, number, 0, TimeSpan.Zero, exception);
            log.Count(model, number, failed: true, TimeSpan.Zero);
            throw;
        }
    }

    /// <summary>One version of a model, or null when it has none of that number.</summary>
    public async Task<ServingModel?> FindVersionAsync(string model, int number, CancellationToken cancellationToken) =>
        await registry.FindVersionAsync(model, number, cancellationToken) is null ? null : await GetAsync(model, number, cancellationToken);

    /// <summary>Scores rows that were read by the model's signature.</summary>
    /// <param name="serving">The version that answers.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="key">Who asks, or null.</param>
    /// <param name="companions">Per row the values of columns that the model ignores, which are logged as well; or null.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<PredictionRecord>> PredictAsync(ServingModel serving, DataTable rows, string? key, IReadOnlyList<JsonObject>? companions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(serving);
        ArgumentNullException.ThrowIfNull(rows);
        using Activity? activity = Telemetry.Source.StartActivity("predict")
            ?.SetTag(Telemetry.Model, serving.Name).SetTag(Telemetry.ModelVersion, serving.Version.Number).SetTag(Telemetry.Run, serving.Version.Run)
            .SetTag(Telemetry.Pipeline, serving.Version.Pipeline).SetTag(Telemetry.Rows, rows.RowCount);
        long started = Stopwatch.GetTimestamp();
        Predictions scores;
        try
        {
            scores = serving.Model.Score(rows, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            using IDisposable? scope = Log.Scope(logger, serving.Name, serving.Version.Number, serving.Version.Run, serving.Version.Pipeline);
            Log.ScoringFailed(logger, exception, serving.Name, serving.Version.Number);
            activity.Fail(exception);
            PlatformMeter.Predicted(serving.Name, serving.Version.Number, rows.RowCount, Stopwatch.GetElapsedTime(started), exception);
            log.Count(serving.Name, serving.Version.Number, failed: true, Stopwatch.GetElapsedTime(started));
            throw;
        }

        DateTimeOffset now = time.GetUtcNow();
        ModelSignature signature = serving.Model.Signature;
        PredictionRecord[] records = new PredictionRecord[rows.RowCount];
        for (int row = 0; row < records.Length; row++)
        {
            string? label = signature.Label(scores.Row(row));
            string id = PredictionId.New(serving.Name, serving.Version.Number, now).ToString();
            records[row] = new PredictionRecord(id, now, serving.Version.Number, key, Inputs(rows, row, companions?[row]), label, scores.Row(row).ToArray());
        }

        TimeSpan duration = Stopwatch.GetElapsedTime(started);
        PlatformMeter.Predicted(serving.Name, serving.Version.Number, records.Length, duration);
        log.Count(serving.Name, serving.Version.Number, failed: false, duration);
        await log.WriteAsync(serving.Name, records, cancellationToken);
        return records;
    }

    private static JsonObject Inputs(DataTable rows, int row, JsonObject? companions)
    {
        JsonObject inputs = companions ?? [];
        foreach (Column column in rows.Columns)
        {
            if (!column.IsMissing(row))
            {
                inputs[column.Name] = column is NumericColumn { Kind: not ColumnKind.Timestamp } numeric ? JsonValue.Create(numeric.Values[row]) : JsonValue.Create(column.Text(row));
            }
        }

        return inputs;
    }
}

/// <summary>A version ready to answer.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version.</param>
/// <param name="Model">The loaded model.</param>
public sealed record ServingModel(string Name, ModelVersion Version, OnnxModel Model);
