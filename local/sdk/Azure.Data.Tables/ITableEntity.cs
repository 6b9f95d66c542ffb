namespace Azure.Data.Tables;

/// <summary>What every entity of a table has.</summary>
public interface ITableEntity
{
    /// <summary>The partition the entity lies in: at most 512 characters, none of / \ # ? or control characters.</summary>
    string PartitionKey { get; set; }

    /// <summary>Unique within the partition, with the same limits as the partition key.</summary>
    string RowKey { get; set; }

    /// <summary>The time of the last write, set by the service. Null for an entity that was not read.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version of the entity as read; pass it to a write to make the write conditional.</summary>
    ETag ETag { get; set; }
}
