using Azure.Data.Tables;

namespace Mlops.Storage.Operations;

/// <summary>One row per timer and queue function: when it last ran. A success leaves the last failure in place, and the reverse.</summary>
public sealed class HeartbeatStore(StorageConnection connection)
{
    private const string Partition = "heartbeat";
    private const int MaximumError = 1_000;
    private readonly TableClient _table = connection.Table(StorageNames.OperationsTable);

    /// <summary>Records that a function ended well.</summary>
    public Task SucceededAsync(string function, string version, DateTimeOffset time, DateTimeOffset? dueBy, CancellationToken cancellationToken)
    {
        TableEntity row = new(Partition, function) { [nameof(Heartbeat.Version)] = version, [nameof(Heartbeat.LastSuccess)] = time };
        if (dueBy is { } due)
        {
            row[nameof(Heartbeat.DueBy)] = due;
        }

        return _table.UpsertEntityAsync(row, TableUpdateMode.Merge, cancellationToken);
    }

    /// <summary>Records that a function failed.</summary>
    public Task FailedAsync(string function, string version, DateTimeOffset time, string error, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(
            new TableEntity(Partition, function)
            {
                [nameof(Heartbeat.Version)] = version,
                [nameof(Heartbeat.LastFailure)] = time,
                [nameof(Heartbeat.Error)] = error.Length <= MaximumError ? error : error[..MaximumError],
            },
            TableUpdateMode.Merge,
            cancellationToken);

    /// <summary>All functions that ever ran, by name.</summary>
    public async Task<IReadOnlyList<Heartbeat>> ReadAsync(CancellationToken cancellationToken)
    {
        List<Heartbeat> heartbeats = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(Partition, string.Empty, cancellationToken))
        {
            heartbeats.Add(new Heartbeat(
                row.RowKey,
                row.GetString(nameof(Heartbeat.Version)),
                row.GetDateTimeOffset(nameof(Heartbeat.LastSuccess)),
                row.GetDateTimeOffset(nameof(Heartbeat.LastFailure)),
                row.GetString(nameof(Heartbeat.Error)),
                row.GetDateTimeOffset(nameof(Heartbeat.DueBy))));
        }

        return heartbeats;
    }
}
