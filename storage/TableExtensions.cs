using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Mlops.Storage;

/// <summary>The two forms our rows have: an entity with one JSON document, and a conditional insert.</summary>
internal static class TableExtensions
{
    private const string Document = "Document";

    /// <summary>A row that carries <paramref name="value"/> as one JSON document (at most 32,768 characters, the service's limit of a property).</summary>
    public static TableEntity Row<T>(string partitionKey, string rowKey, T value)
    {
        string json = JsonSerializer.Serialize(value, StorageJson.Options);
        return json.Length <= 32_000
            ? new TableEntity(partitionKey, rowKey) { [Document] = json }
            : throw new StoredDataException($"The row '{rowKey}' of '{partitionKey}' is {json.Length} characters long; a row holds at most 32000. Keep large content in a blob and its name in the row.");
    }

    /// <summary>The document of a row.</summary>
    public static T Read<T>(this TableEntity entity) =>
        entity.GetString(Document) is { } json && JsonSerializer.Deserialize<T>(json, StorageJson.Options) is { } value
            ? value
            : throw new StoredDataException($"The row '{entity.RowKey}' of '{entity.PartitionKey}' holds no document. Restore it from a backup of the table.");

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
    public static AsyncPageable<TableEntity> WithPrefixAsync(this TableClient table, string partitionKey, string prefix, CancellationToken cancellationToken) =>
        prefix.Length == 0
            ? table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey}"), cancellationToken: cancellationToken)
            : table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partitionKey} and RowKey ge {prefix} and RowKey lt {prefix[..^1] + (char)(prefix[^1] + 1)}"),
                cancellationToken: cancellationToken);
}
