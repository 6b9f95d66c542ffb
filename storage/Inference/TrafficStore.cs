using System.Collections.Concurrent;
using System.Globalization;
using Azure.Data.Tables;
using Mlops.Core.Costs;
using Mlops.Core.Traffic;
using Mlops.Storage.Costs;

namespace Mlops.Storage.Inference;

/// <summary>Requests, errors and latency of a model version, by minute and instance: each instance replaces only its own rows.</summary>
public sealed class TrafficStore(StorageConnection connection)
{
    private readonly TableClient _table = connection.Table(StorageNames.TrafficTable);
    private readonly string _instance = Guid.NewGuid().ToString("N")[..12];
    private readonly ConcurrentDictionary<ActiveHour, bool> _marked = new();

    /// <summary>
    /// Writes what this instance has counted for a version in a minute so far. What could not be written until the minute's hour was closed
    /// (<see cref="TrafficTotals.Grace"/>) is counted in the present hour; where a part of that minute was written in time, the rest of it is left out.
    /// </summary>
    public async Task WriteAsync(string model, int version, DateTimeOffset minute, CanaryWindow counts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using UsageScope charge = connection.Usage.Charge(model, UsageKind.Serving);
        string key = $"{MinuteKey(version, minute)}-{_instance}";
        if (minute < TrafficTotals.OpenSince(now))
        {
            if (await _table.FindAsync(model, key, cancellationToken) is not null)
            {
                return;
            }

            // The same key for the whole hour: writing again what may have been written counts once.
            DateTimeOffset present = PredictionId.HourOf(now);
            (key, minute) = ($"{MinuteKey(version, present)}-{_instance}-{minute.UtcDateTime:yyyyMMddHHmm}", present);
        }

        ActiveHour hour = new(model, version, PredictionId.HourOf(minute));
        if (!_marked.ContainsKey(hour))
        {
            // Once an hour: without it, to find out who was asked lately would mean to look at every version there ever was.
            await _table.UpsertEntityAsync(new TableEntity(ActiveHour.Partition, hour.Key), TableUpdateMode.Merge, cancellationToken);
            foreach (ActiveHour past in _marked.Keys.Where(marked => hour.Hour - marked.Hour > TimeSpan.FromHours(1)))
            {
                _marked.TryRemove(past, out _);
            }

            _marked[hour] = true;
        }

        await _table.UpsertEntityAsync(TableExtensions.Row(model, key, counts), TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>What all instances counted for a version since a minute, up to (and without) another.</summary>
    public async Task<IReadOnlyList<CanaryWindow>> ReadAsync(string model, int version, DateTimeOffset since, CancellationToken cancellationToken, DateTimeOffset? until = null)
    {
        string from = MinuteKey(version, since);
        string to = until is { } end ? MinuteKey(version, end) : string.Create(CultureInfo.InvariantCulture, $"{version:D8}.");
        List<CanaryWindow> windows = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {model} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: cancellationToken))
        {
            windows.Add(row.Read<CanaryWindow>());
        }

        return windows;
    }

    private static string MinuteKey(int version, DateTimeOffset minute) => string.Create(CultureInfo.InvariantCulture, $"{version:D8}-{minute.UtcDateTime:yyyyMMddHHmm}");
}
