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

    /// <summary>Writes what this instance has counted for a version in a minute so far.</summary>
    public async Task WriteAsync(string model, int version, DateTimeOffset minute, CanaryWindow counts, CancellationToken cancellationToken)
    {
        using UsageScope charge = connection.Usage.Charge(model, UsageKind.Serving);
        await _table.UpsertEntityAsync(
            TableExtensions.Row(model, string.Create(CultureInfo.InvariantCulture, $"{version:D8}-{minute.UtcDateTime:yyyyMMddHHmm}-{_instance}"), counts),
            TableUpdateMode.Replace,
            cancellationToken);
    }

    /// <summary>What all instances counted for a version since a minute.</summary>
    public async Task<IReadOnlyList<CanaryWindow>> ReadAsync(string model, int version, DateTimeOffset since, CancellationToken cancellationToken)
    {
        string from = string.Create(CultureInfo.InvariantCulture, $"{version:D8}-{since.UtcDateTime:yyyyMMddHHmm}");
        string to = string.Create(CultureInfo.InvariantCulture, $"{version:D8}.");
        List<CanaryWindow> windows = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {model} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: cancellationToken))
        {
            windows.Add(row.Read<CanaryWindow>());
        }

        return windows;
    }
}
