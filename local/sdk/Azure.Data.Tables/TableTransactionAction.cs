namespace Azure.Data.Tables;

/// <summary>One write of a transaction.</summary>
public class TableTransactionAction
{
    /// <summary>A write without a condition.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity)
        : this(actionType, entity, default)
    {
    }

    /// <summary>A write with a condition, where <paramref name="etag"/> is not the default.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, ITableEntity entity, ETag etag = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ActionType = actionType;
        Entity = entity;
        ETag = etag;
    }

    /// <summary>What to do with the entity.</summary>
    public TableTransactionActionType ActionType { get; }

    /// <summary>The entity to write; a delete reads only its keys.</summary>
    public ITableEntity Entity { get; }

    /// <summary>The version that the stored entity must have.</summary>
    public ETag ETag { get; }
}
