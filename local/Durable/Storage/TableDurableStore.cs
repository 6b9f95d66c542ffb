using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.DurableTask.Client;
using Mlops.Local.Durable.History;

namespace Mlops.Local.Durable.Storage;

/// <summary>Instances and histories in the tables <c>{hub}Instances</c> and <c>{hub}History</c>, large payloads in the container <c>{hub}-largemessages</c>.</summary>
/// <remarks>Both tables are partitioned by instance id; a record's row key is its generation, a hash of the start, and its index.
/// Replacing the instance's row under its ETag is the commit: one atomic operation however many records a turn has, and only one process can win.
/// Records are only ever inserted. Where one lies in the way, a commit was not finished; it is removed only after the instance's ETag has been renewed,
/// so that a slow process cannot complete that commit any more.</remarks>
internal sealed class TableDurableStore : IDurableStore
{
    // A transaction takes 100 entities and 4 MiB.
    private const int MaxBatchEntities = 100;
    private const int MaxBatchBytes = 2 * 1024 * 1024;
    private const int MaxPageSize = 1000;
    private const string InstanceRow = "";

    private readonly TableClient _instances;
    private readonly TableClient _history;
    private readonly PayloadBlobs _blobs;

    public TableDurableStore(TableServiceClient tables, BlobServiceClient blobs, string hubName)
    {
        _instances = tables.GetTableClient(hubName + "Instances");
        _history = tables.GetTableClient(hubName + "History");
        _blobs = new PayloadBlobs(blobs.GetBlobContainerClient(hubName.ToLowerInvariant() + "-largemessages"));
    }

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await _instances.CreateIfNotExistsAsync(cancellation);
        await _history.CreateIfNotExistsAsync(cancellation);
    }

    public async Task<InstanceRecord?> ReadAsync(string instanceId, CancellationToken cancellation)
    {
        var row = await _instances.GetEntityIfExistsAsync<TableEntity>(instanceId, InstanceRow, cancellationToken: cancellation);
        return row.HasValue ? ToInstance(row.Value!) : null;
    }

    public async Task<IReadOnlyList<HistoryRecord>> ReadHistoryAsync(InstanceRecord instance, CancellationToken cancellation)
    {
        var records = new List<HistoryRecord>(instance.Committed);
        var (from, to) = (RowKey(instance, 0), RowKey(instance, instance.Committed));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {instance.InstanceId} and RowKey ge {from} and RowKey lt {to}");
        await foreach (var row in _history.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
        {
            records.Add(await ToRecordAsync(row, cancellation));
        }

        return records.Count == instance.Committed
            ? records
            : throw new InvalidDataException($"Table '{_history.Name}', instance '{instance.InstanceId}': found {records.Count} history rows of generation {instance.Generation}, expected {instance.Committed}. The table was changed from outside; purge the instance.");
    }

    public async Task<InstanceRecord> CommitAsync(InstanceRecord instance, IReadOnlyList<HistoryRecord> appended, CancellationToken cancellation)
    {
        instance = await OffloadAsync(instance, cancellation);
        var first = instance.Committed - appended.Count;
        var rows = new List<TableEntity>();
        for (var i = 0; i < appended.Count; i++)
        {
            var payload = await OffloadAsync(instance, appended[i].Payload, cancellation);
            instance = instance with { HasBlobs = instance.HasBlobs || payload.Blob is not null };
            rows.Add(ToRow(instance, first + i, appended[i], payload));
        }

        try
        {
            if (!await TryInsertAsync(rows, cancellation))
            {
                instance = instance with { ETag = await FenceAsync(instance, cancellation) };
                await RemoveHistoryAsync(instance.InstanceId, RowKey(instance, first), RowKey(instance, int.MaxValue), cancellation);
                if (!await TryInsertAsync(rows, cancellation))
                {
                    throw new StoreConflictException(instance.InstanceId);
                }
            }

            var entity = ToRow(instance);
            var response = instance.ETag is { } tag
                ? await _instances.UpdateEntityAsync(entity, new ETag(tag), TableUpdateMode.Replace, cancellation)
                : await _instances.AddEntityAsync(entity, cancellation);
            return instance with { ETag = response.Headers.ETag!.Value.ToString() };
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            throw new StoreConflictException(instance.InstanceId, e);
        }
    }

    public async Task RemoveEarlierGenerationsAsync(InstanceRecord instance, CancellationToken cancellation)
    {
        await RemoveHistoryAsync(instance.InstanceId, "", Generation(instance.Generation), cancellation);
        if (instance.HasBlobs)
        {
            string?[] used = [instance.Input.Blob, instance.Output.Blob, instance.CustomStatus.Blob, instance.Failure.Blob];
            await _blobs.RemoveAsync(instance.InstanceId, instance.Generation, [.. used.OfType<string>()], cancellation);
        }
    }

    public async Task DeleteAsync(InstanceRecord instance, CancellationToken cancellation)
    {
        // The row comes last: as long as it is there, the rest can be removed again.
        await RemoveHistoryAsync(instance.InstanceId, "", "~", cancellation);
        if (instance.HasBlobs)
        {
            await _blobs.RemoveAsync(instance.InstanceId, int.MaxValue, [], cancellation);
        }

        try
        {
            await _instances.DeleteEntityAsync(instance.InstanceId, InstanceRow, new ETag(instance.ETag!), cancellation);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            throw new StoreConflictException(instance.InstanceId, e);
        }
    }

    public Task<string?> LoadAsync(StoredText text, CancellationToken cancellation) => _blobs.LoadAsync(text, cancellation);

    public async IAsyncEnumerable<InstanceRecord> ReadActiveAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in _instances.QueryAsync<TableEntity>("Active eq true", cancellationToken: cancellation))
        {
            yield return ToInstance(row);
        }
    }

    public async Task<(IReadOnlyList<InstanceRecord> Instances, string? Next)> QueryAsync(InstanceFilter filter, int pageSize, string? continuation, CancellationToken cancellation)
    {
        var conditions = new List<string>();
        Add(filter.CreatedFrom, value => TableClient.CreateQueryFilter($"CreatedTime ge {value}"));
        Add(filter.CreatedTo, value => TableClient.CreateQueryFilter($"CreatedTime le {value}"));
        Add(filter.CompletedFrom, value => TableClient.CreateQueryFilter($"CompletedTime ge {value}"));
        Add(filter.CompletedTo, value => TableClient.CreateQueryFilter($"CompletedTime le {value}"));
        if (filter.InstanceIdPrefix is { Length: > 0 } prefix)
        {
            // The smallest text greater than every text with the prefix.
            var end = prefix[..^1] + (char)(prefix[^1] + 1);
            conditions.Add(TableClient.CreateQueryFilter($"PartitionKey ge {prefix} and PartitionKey lt {end}"));
        }

        if (filter.Statuses is { Count: > 0 } statuses)
        {
            conditions.Add("(" + string.Join(" or ", statuses.Select(status => TableClient.CreateQueryFilter($"RuntimeStatus eq {status.ToString()}"))) + ")");
        }

        var query = conditions.Count == 0 ? null : string.Join(" and ", conditions);
        var size = Math.Clamp(pageSize, 1, MaxPageSize);
        await foreach (var page in _instances.QueryAsync<TableEntity>(query, size, cancellationToken: cancellation).AsPages(continuation, size))
        {
            return ([.. page.Values.Select(ToInstance)], page.ContinuationToken);
        }

        return ([], null);

        void Add(DateTimeOffset? value, Func<DateTimeOffset, string> condition)
        {
            if (value is { } given)
            {
                conditions.Add(condition(given));
            }
        }
    }

    // Two starts of one id never share rows: the hash tells their origins apart.
    private static string RowKey(InstanceRecord instance, int index)
        => $"{Generation(instance.Generation)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(instance.Origin)).AsSpan(0, 8))}-{index.ToString("x8", CultureInfo.InvariantCulture)}";

    private static string Generation(int generation) => generation.ToString("x8", CultureInfo.InvariantCulture);

    private static IEnumerable<List<TableEntity>> InBatches(List<TableEntity> rows)
    {
        var batch = new List<TableEntity>();
        var bytes = 0;
        foreach (var row in rows)
        {
            var size = row.Sum(property => property.Value is string text ? text.Length * sizeof(char) : 0) + 1024;
            if (batch.Count == MaxBatchEntities || (batch.Count > 0 && bytes + size > MaxBatchBytes))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }

            batch.Add(row);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <summary>Inserts the rows; false when one of them exists.</summary>
    private async Task<bool> TryInsertAsync(List<TableEntity> rows, CancellationToken cancellation)
    {
        try
        {
            foreach (var batch in InBatches(rows))
            {
                await _history.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellation);
            }

            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    /// <summary>Renews the ETag of the instance's row without changing it: a commit that another process has begun cannot succeed any more.</summary>
    private async Task<string?> FenceAsync(InstanceRecord instance, CancellationToken cancellation)
    {
        var row = await _instances.GetEntityIfExistsAsync<TableEntity>(instance.InstanceId, InstanceRow, cancellationToken: cancellation);
        if ((row.HasValue ? row.Value!.ETag.ToString() : null) != instance.ETag)
        {
            throw new StoreConflictException(instance.InstanceId);
        }

        return row.HasValue ? (await _instances.UpdateEntityAsync(row.Value!, row.Value!.ETag, TableUpdateMode.Replace, cancellation)).Headers.ETag!.Value.ToString() : null;
    }

    private async Task RemoveHistoryAsync(string instanceId, string from, string before, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {instanceId} and RowKey ge {from} and RowKey lt {before}");
        await foreach (var page in _history.QueryAsync<TableEntity>(filter, MaxBatchEntities, ["PartitionKey", "RowKey"], cancellation).AsPages())
        {
            if (page.Values.Count == 0)
            {
                continue;
            }

            try
            {
                await _history.SubmitTransactionAsync(page.Values.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellation);
            }
            catch (RequestFailedException e) when (e.Status == 404)
            {
                // Another removal was faster; whatever it left is removed with the next one.
            }
        }
    }

    private async Task<InstanceRecord> OffloadAsync(InstanceRecord instance, CancellationToken cancellation)
    {
        instance = instance with
        {
            Input = await OffloadAsync(instance, instance.Input.Inline, cancellation, instance.Input.Blob),
            Output = await OffloadAsync(instance, instance.Output.Inline, cancellation, instance.Output.Blob),
            CustomStatus = await OffloadAsync(instance, instance.CustomStatus.Inline, cancellation, instance.CustomStatus.Blob),
            Failure = await OffloadAsync(instance, instance.Failure.Inline, cancellation, instance.Failure.Blob),
        };
        return instance with { HasBlobs = instance.HasBlobs || (instance.Input.Blob ?? instance.Output.Blob ?? instance.CustomStatus.Blob ?? instance.Failure.Blob) is not null };
    }

    private async Task<StoredText> OffloadAsync(InstanceRecord instance, string? text, CancellationToken cancellation, string? blob = null)
        => PayloadBlobs.IsLarge(text) ? new StoredText(null, await _blobs.WriteAsync(instance.InstanceId, instance.Generation, text!, cancellation)) : new StoredText(text, blob);

    private static TableEntity ToRow(InstanceRecord instance)
    {
        var row = new TableEntity(instance.InstanceId, InstanceRow)
        {
            ["Name"] = instance.Name,
            ["Origin"] = instance.Origin,
            ["Generation"] = instance.Generation,
            ["Committed"] = instance.Committed,
            ["RuntimeStatus"] = instance.Status.ToString(),
            ["Active"] = instance.Active,
            ["CreatedTime"] = instance.CreatedAt,
            ["LastUpdatedTime"] = instance.LastUpdatedAt,
            ["HasBlobs"] = instance.HasBlobs,
        };
        Set(row, "CompletedTime", instance.CompletedAt);
        Set(row, "ScheduledStartTime", instance.ScheduledStart);
        Set(row, "Version", instance.Version.Length == 0 ? null : instance.Version);
        Set(row, "Tags", instance.Tags.Count == 0 ? null : JsonSerializer.Serialize(instance.Tags));
        Set(row, "ParentInstanceId", instance.ParentId);
        Set(row, "ParentName", instance.ParentName);
        Set(row, "ParentKey", instance.ParentKey);
        Set(row, "Input", instance.Input);
        Set(row, "Output", instance.Output);
        Set(row, "CustomStatus", instance.CustomStatus);
        Set(row, "Failure", instance.Failure);
        return row;
    }

    private static InstanceRecord ToInstance(TableEntity row) => new(row.PartitionKey, row.GetString("Name"))
    {
        Origin = row.GetString("Origin"),
        Generation = row.GetInt32("Generation")!.Value,
        Committed = row.GetInt32("Committed")!.Value,
        Status = Enum.Parse<OrchestrationRuntimeStatus>(row.GetString("RuntimeStatus")),
        Active = row.GetBoolean("Active")!.Value,
        CreatedAt = row.GetDateTimeOffset("CreatedTime")!.Value,
        LastUpdatedAt = row.GetDateTimeOffset("LastUpdatedTime")!.Value,
        CompletedAt = row.GetDateTimeOffset("CompletedTime"),
        ScheduledStart = row.GetDateTimeOffset("ScheduledStartTime"),
        Version = row.GetString("Version") ?? "",
        Tags = row.GetString("Tags") is { } tags ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags)! : new Dictionary<string, string>(),
        ParentId = row.GetString("ParentInstanceId"),
        ParentName = row.GetString("ParentName"),
        ParentKey = row.GetString("ParentKey"),
        Input = Get(row, "Input"),
        Output = Get(row, "Output"),
        CustomStatus = Get(row, "CustomStatus"),
        Failure = Get(row, "Failure"),
        HasBlobs = row.GetBoolean("HasBlobs") ?? false,
        ETag = row.ETag.ToString(),
    };

    private static TableEntity ToRow(InstanceRecord instance, int index, HistoryRecord record, StoredText payload)
    {
        var row = new TableEntity(instance.InstanceId, RowKey(instance, index))
        {
            ["EventType"] = record.Kind.ToString(),
            ["EventTime"] = record.Time,
            ["EventId"] = record.Id,
        };
        Set(row, "Name", record.Name);
        Set(row, "Target", record.Target);
        Set(row, "DueAt", record.DueAt);
        Set(row, "Key", record.Key);
        Set(row, "Version", record.Version);
        Set(row, "Payload", payload);
        if (record.Carried)
        {
            row["Carried"] = true;
        }

        return row;
    }

    private async Task<HistoryRecord> ToRecordAsync(TableEntity row, CancellationToken cancellation)
        => new(Enum.Parse<HistoryKind>(row.GetString("EventType")), row.GetDateTimeOffset("EventTime")!.Value)
        {
            Id = row.GetInt32("EventId")!.Value,
            Name = row.GetString("Name"),
            Target = row.GetString("Target"),
            DueAt = row.GetDateTimeOffset("DueAt"),
            Key = row.GetString("Key"),
            Version = row.GetString("Version"),
            Payload = await LoadAsync(Get(row, "Payload"), cancellation),
            Carried = row.GetBoolean("Carried") ?? false,
        };

    private static StoredText Get(TableEntity row, string name) => new(row.GetString(name), row.GetString(name + "BlobName"));

    private static void Set(TableEntity row, string name, StoredText text)
    {
        // As objects: a text converts to a StoredText, and that overload would call itself.
        Set(row, name, (object?)text.Inline);
        Set(row, name + "BlobName", (object?)text.Blob);
    }

    private static void Set(TableEntity row, string name, object? value)
    {
        if (value is not null)
        {
            row[name] = value;
        }
    }
}
