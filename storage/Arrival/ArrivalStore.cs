using Azure.Data.Tables;

namespace Mlops.Storage.Arrival;

/// <summary>One row per version of a dropped file: who may start its pipeline, and whether it was started.</summary>
public sealed class ArrivalStore(StorageConnection connection, TimeProvider time)
{
    /// <summary>How long one claim keeps others from starting the same pipeline. A claimant that died is followed after this time.</summary>
    public static readonly TimeSpan ClaimTime = TimeSpan.FromSeconds(15);

    private readonly TableClient _table = connection.Table(StorageNames.ArrivalsTable);

    /// <summary>Claims the start of a pipeline. Of any number of callers with the same arrival, one gets <see cref="ArrivalClaim.Claimed"/>.</summary>
    public async Task<ArrivalClaim> ClaimAsync(string model, string pipelineId, string blobName, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ArrivalRow claim = new(blobName, now, now + ClaimTime, Started: false);
        TableEntity row = TableExtensions.Row(model, pipelineId, claim);
        if (await _table.TryAddAsync(row, cancellationToken))
        {
            return ArrivalClaim.Claimed;
        }

        TableEntity? existing = await _table.FindAsync(model, pipelineId, cancellationToken);
        ArrivalRow? other = existing?.Read<ArrivalRow>();
        if (existing is null || other is null || other.Started)
        {
            return ArrivalClaim.AlreadyStarted;
        }

        if (other.ClaimedUntil > now)
        {
            return ArrivalClaim.ClaimedByOther;
        }

        return await _table.TryReplaceAsync(row, existing.ETag, cancellationToken) ? ArrivalClaim.Claimed : ArrivalClaim.ClaimedByOther;
    }

    /// <summary>The ids of all pipelines of a model that arrivals have started.</summary>
    public async Task<IReadOnlySet<string>> StartedAsync(string model, CancellationToken cancellationToken)
    {
        HashSet<string> started = new(StringComparer.Ordinal);
        await foreach (TableEntity row in _table.WithPrefixAsync(model, string.Empty, cancellationToken))
        {
            if (row.Read<ArrivalRow>().Started)
            {
                started.Add(row.RowKey);
            }
        }

        return started;
    }

    /// <summary>Whether one pipeline was started.</summary>
    public async Task<bool> IsStartedAsync(string model, string pipelineId, CancellationToken cancellationToken) =>
        await _table.FindAsync(model, pipelineId, cancellationToken) is { } row && row.Read<ArrivalRow>().Started;

    /// <summary>Records that the pipeline runs, so that no later event starts it again.</summary>
    public Task MarkStartedAsync(string model, string pipelineId, string blobName, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return _table.UpsertEntityAsync(TableExtensions.Row(model, pipelineId, new ArrivalRow(blobName, now, now, Started: true)), TableUpdateMode.Replace, cancellationToken);
    }

    private sealed record ArrivalRow(string Blob, DateTimeOffset ClaimedAt, DateTimeOffset ClaimedUntil, bool Started);
}

/// <summary>The outcome of a claim.</summary>
public enum ArrivalClaim
{
    /// <summary>This caller starts the pipeline.</summary>
    Claimed,

    /// <summary>Another caller is starting it.</summary>
    ClaimedByOther,

    /// <summary>It was started.</summary>
    AlreadyStarted,
}
