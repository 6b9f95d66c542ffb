using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Mlops.Storage;

/// <summary>The two forms our rows have: an entity with one JSON document, and a conditional insert.</summary>
internal static class TableExtensions
{
    private const string Document = "Document";

    // A property holds at most 32,768 characters, an entity at most 1 MiB: long documents lie in several properties.
    private const int PartLength = 32_000;
    private const int MaximumParts = 12;

    /// <summary>A row that carries <paramref name="value"/> as one JSON document of at most 384,000 characters.</summary>
    public static TableEntity Row<T>(string partitionKey, string rowKey, T value)
    {
        string json = JsonSerializer.Serialize(value, StorageJson.Options);
        if (json.Length > PartLength * MaximumParts)
        {
            throw new StoredDataException($"The row '{rowKey}' of '{partitionKey}' is {json.Length} characters long; a row holds at most {PartLength * MaximumParts}. Keep large content in a blob and its name in the row.");
        }

        TableEntity entity = new(partitionKey, rowKey);
        for (int part = 0; part * PartLength < json.Length; part++)
        {
            entity[Property(part)] = json.Substring(part * PartLength, Math.Min(PartLength, json.Length - (part * PartLength)));
        }

        return entity;
    }

    /// <summary>The document of a row.</summary>
    public static T Read<T>(this TableEntity entity)
    {
        string json = string.Concat(Enumerable.Range(0, MaximumParts).Select(part => entity.TryGetValue(Property(part), out object? text) ? (string)text : string.Empty));
        return json.Length > 0 && JsonSerializer.Deserialize<T>(json, StorageJson.Options) is { } value
            ? value
            : throw new StoredDataException($"The row '{entity.RowKey}' of '{entity.PartitionKey}' holds no document. Restore it from a backup of the table.");
    }

    /// <summary>Inserts a row unless its key exists. Returns whether this call inserted it.</summary>
    public static async Task<bool> TryAddAsync(this TableClient table, TableEntity entity, CancellationToken cancellationToken)
    {
        try
        {
            await table.AddEntityAsync(entity, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            return false;
        }
    }

    /// <summary>Replaces a row if nobody else did since it was read. Returns whether this call replaced it.</summary>
    public static async Task<bool> TryReplaceAsync(this TableClient table, TableEntity entity, ETag etag, CancellationToken cancellationToken)
    {
        try
        {
            await table.UpdateEntityAsync(entity, etag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status == 412)
        {
            return false;
        }
    }

    /// <summary>The row of that key, or null.</summary>
    public static async Task<TableEntity?> FindAsync(this TableClient table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>The rows of a partition whose keys start with <paramref name="prefix"/>, in key order.</summary>
    /// <param name="table">The table.</param>
    /// <param name="partitionKey">The partition.</param>
    /// <param name="prefix">What the keys start with; empty: all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="pageSize">Rows that one request reads, for callers that take only the first; 1,000 otherwise.</param>
    public static AsyncPageable<TableEntity> WithPrefixAsync(this TableClient table, string partitionKey, string prefix, CancellationToken cancellationToken, int? pageSize = null) =>
        table.QueryAsync<TableEntity>(
            prefix.Length == 0
                ? TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey}")
                : TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {prefix} and RowKey lt {prefix[..^1] + (char)(prefix[^1] + 1)}"),
            pageSize,
            cancellationToken: cancellationToken);

    private static string Property(int part) => part == 0 ? Document : Document + part.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
