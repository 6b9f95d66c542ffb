using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Mlops.Core.Costs;

namespace Mlops.Storage.Costs;

/// <summary>What was used, added up by day: one row per model, purpose and day, in a partition a month. Bytes of blobs as of the last measurement.</summary>
public sealed class UsageStore(StorageConnection connection)
{
    private const int MaximumAttempts = 20;
    private const string BytesPartition = "bytes";
    private readonly TableClient _table = connection.Table(StorageNames.UsageTable);

    /// <summary>Adds to a day. An answer that gets lost after the write counts twice: these are meters, not a ledger.</summary>
    public async Task AddAsync(UsageRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        string month = MonthOf(row.Day);
        string key = string.Create(CultureInfo.InvariantCulture, $"{row.Model}|{row.Kind}|{row.Day.Day:D2}");
        for (int attempt = 1; ; attempt++)
        {
            TableEntity? present = await _table.FindAsync(month, key, cancellationToken);
            UsageRow sum = present is null ? row : row with { Used = row.Used + present.Read<UsageRow>().Used };
            TableEntity next = TableExtensions.Row(month, key, sum);
            if (present is null ? await _table.TryAddAsync(next, cancellationToken) : await _table.TryReplaceAsync(next, present.ETag, cancellationToken))
            {
                return;
            }

            if (attempt == MaximumAttempts)
            {
                throw new RequestFailedException(412, $"The usage row '{key}' of {month} changed {MaximumAttempts} times while it was being added to.");
            }
        }
    }

    /// <summary>All rows of a month.</summary>
    public async Task<IReadOnlyList<UsageRow>> ReadAsync(string month, CancellationToken cancellationToken)
    {
        List<UsageRow> rows = [];
        await foreach (TableEntity entity in _table.WithPrefixAsync(month, string.Empty, cancellationToken))
        {
            rows.Add(entity.Read<UsageRow>());
        }

        return rows;
    }

    /// <summary>Replaces the measured bytes by model.</summary>
    public Task WriteBytesAsync(StoredBytes bytes, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(TableExtensions.Row(BytesPartition, "latest", bytes), TableUpdateMode.Replace, cancellationToken);

    /// <summary>Bytes by model as last measured, or null before the first time.</summary>
    public async Task<StoredBytes?> FindBytesAsync(CancellationToken cancellationToken) =>
        (await _table.FindAsync(BytesPartition, "latest", cancellationToken))?.Read<StoredBytes>();

    /// <summary>The month of a day, as the store calls it.</summary>
    public static string MonthOf(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}

/// <summary>Bytes of blobs.</summary>
/// <param name="Time">When they were measured.</param>
/// <param name="ByModel">By model; the empty name is what belongs to none.</param>
public sealed record StoredBytes(DateTimeOffset Time, IReadOnlyDictionary<string, long> ByModel);
