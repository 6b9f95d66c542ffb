using System.Globalization;
using Azure.Data.Tables;

namespace Mlops.Storage.Pipelines;

/// <summary>What a pipeline did, step by step: written by the steps themselves, readable while they run.</summary>
public sealed class PipelineStore(StorageConnection connection, TimeProvider time)
{
    private readonly TableClient _table = connection.Table(StorageNames.PipelinesTable);
    private readonly PipelineOutcomes _outcomes = new(connection);

    /// <summary>Records that a pipeline exists, and lists it under its model, newest first. Doing so again changes nothing.</summary>
    public async Task AddAsync(PipelineRecord pipeline, CancellationToken cancellationToken)
    {
        // The list's row is written whoever comes: the first may have died between the two. Its key is the time of the record that stands.
        PipelineRecord kept = await _table.TryAddAsync(TableExtensions.Row(pipeline.Id, "pipeline", pipeline), cancellationToken)
            ? pipeline
            : await FindAsync(pipeline.Id, cancellationToken) ?? pipeline;
        await _table.UpsertEntityAsync(TableExtensions.Row(ModelKey(kept.Model), NewestFirst(kept), kept), TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>A pipeline, or null when there is none of that id.</summary>
    public async Task<PipelineRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await _table.FindAsync(id, "pipeline", cancellationToken))?.Read<PipelineRecord>();

    /// <summary>Records who asked for a pipeline. It may come before the pipeline's own record, and after an event has started it.</summary>
    public Task SetActorAsync(string id, string actor, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(new TableEntity(id, "actor") { ["Actor"] = actor }, TableUpdateMode.Replace, cancellationToken);

    /// <summary>Who asked for a pipeline through the API; null when a file in the drop zone or a declared drift started it.</summary>
    public async Task<string?> FindActorAsync(string id, CancellationToken cancellationToken) => (await _table.FindAsync(id, "actor", cancellationToken))?.GetString("Actor");

    /// <summary>Records how a pipeline ended, and counts it.</summary>
    public async Task SetOutcomeAsync(string id, string status, string reason, int? version, CancellationToken cancellationToken)
    {
        // Counted first: an outcome without its count would never be counted, and a count twice is none.
        if (await FindOutcomeAsync(id, cancellationToken) is null && await FindAsync(id, cancellationToken) is { } pipeline)
        {
            await _outcomes.CountAsync(pipeline, status, cancellationToken);
        }

        await _table.UpsertEntityAsync(TableExtensions.Row(id, "outcome", new PipelineResult(status, reason, version, time.GetUtcNow())), TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>How a pipeline ended, or null while it runs.</summary>
    public async Task<PipelineResult?> FindOutcomeAsync(string id, CancellationToken cancellationToken) =>
        (await _table.FindAsync(id, "outcome", cancellationToken))?.Read<PipelineResult>();

    /// <summary>
    /// Takes the lease on a piece of work, so that the same data and configuration are trained once. Returns null when the caller has it, else
    /// the pipeline that has it. Work of a pipeline that failed or was blocked may be taken over.
    /// </summary>
    public async Task<string?> TakeWorkAsync(string model, string work, string pipeline, CancellationToken cancellationToken)
    {
        TableEntity lease = new(WorkKey(model), work) { ["Pipeline"] = pipeline };
        while (!await _table.TryAddAsync(lease, cancellationToken))
        {
            if (await _table.FindAsync(lease.PartitionKey, work, cancellationToken) is not { } row)
            {
                continue;
            }

            string owner = row.GetString("Pipeline");
            if (owner == pipeline)
            {
                return null;
            }

            if (await FindOutcomeAsync(owner, cancellationToken) is not { Status: "failed" or "blocked" })
            {
                return owner;
            }

            if (await _table.TryReplaceAsync(lease, row.ETag, cancellationToken))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The newest pipelines of a model.</summary>
    public async Task<IReadOnlyList<PipelineRecord>> ListAsync(string model, int limit, CancellationToken cancellationToken)
    {
        List<PipelineRecord> found = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(ModelKey(model), string.Empty, cancellationToken))
        {
            found.Add(row.Read<PipelineRecord>());
            if (found.Count == limit)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>The steps so far, in the order in which they first started.</summary>
    public async Task<IReadOnlyList<PipelineStep>> ReadStepsAsync(string id, CancellationToken cancellationToken)
    {
        List<PipelineStep> steps = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(id, "step-", cancellationToken))
        {
            steps.Add(row.Read<PipelineStep>());
        }

        return [.. steps.OrderBy(step => step.Started).ThenBy(step => step.Name, StringComparer.Ordinal)];
    }

    /// <summary>Records that a step began; one that is done again after a crash keeps its first start.</summary>
    public async Task<PipelineStep> StartStepAsync(string id, string step, CancellationToken cancellationToken)
    {
        TableEntity? existing = await _table.FindAsync(id, StepKey(step), cancellationToken);
        PipelineStep started = existing?.Read<PipelineStep>() is { } earlier
            ? earlier with { Status = "running", Attempts = earlier.Attempts + 1, Ended = null, Detail = null }
            : new PipelineStep(step, "running", time.GetUtcNow(), null, null, 1);
        await WriteStepAsync(id, started, cancellationToken);
        return started;
    }

    /// <summary>Records how a step ended.</summary>
    public Task EndStepAsync(string id, PipelineStep step, string status, string detail, CancellationToken cancellationToken) =>
        WriteStepAsync(id, step with { Status = status, Ended = time.GetUtcNow(), Detail = detail.Length <= 2000 ? detail : detail[..2000] }, cancellationToken);

    private Task WriteStepAsync(string id, PipelineStep step, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(TableExtensions.Row(id, StepKey(step.Name), step), TableUpdateMode.Replace, cancellationToken);

    // A bar is in no model's name, so these partitions are never that of a pipeline.
    private static string ModelKey(string model) => $"model|{model}";

    private static string WorkKey(string model) => $"work|{model}";

    private static string NewestFirst(PipelineRecord pipeline) =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.Ticks - pipeline.Created.UtcTicks:D19}-{pipeline.Id}");

    private static string StepKey(string step) => $"step-{step}";
}

/// <summary>One pipeline.</summary>
/// <param name="Id">Its id, also that of its orchestration.</param>
/// <param name="Model">The model it works for.</param>
/// <param name="Trigger"><c>data</c>, <c>drift</c> or <c>manual</c>.</param>
/// <param name="Source">The file or request that started it.</param>
/// <param name="Created">When it was started.</param>
/// <param name="Trace">The W3C traceparent of what started it first, for the spans of its steps; null when nothing was recorded.</param>
public sealed record PipelineRecord(string Id, string Model, string Trigger, string Source, DateTimeOffset Created, string? Trace = null);

/// <summary>How a pipeline ended.</summary>
/// <param name="Status"><c>promoted</c>, <c>rejected</c>, <c>inconclusive</c>, <c>blocked</c>, <c>duplicate</c>, <c>superseded</c> or <c>failed</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Version">The registered version, or null.</param>
/// <param name="Time">When it ended.</param>
public sealed record PipelineResult(string Status, string Reason, int? Version, DateTimeOffset Time);

/// <summary>One step of a pipeline.</summary>
/// <param name="Name">The step, for example <c>validate</c> or <c>train-2</c>.</param>
/// <param name="Status">running, completed or failed.</param>
/// <param name="Started">When it first started.</param>
/// <param name="Ended">When it ended, or null.</param>
/// <param name="Detail">What came out, in words; or the error.</param>
/// <param name="Attempts">How often it was begun.</param>
public sealed record PipelineStep(string Name, string Status, DateTimeOffset Started, DateTimeOffset? Ended, string? Detail, int Attempts);
