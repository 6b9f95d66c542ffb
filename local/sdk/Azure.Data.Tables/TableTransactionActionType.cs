namespace Azure.Data.Tables;

/// <summary>One kind of write in a transaction.</summary>
public enum TableTransactionActionType
{
    /// <summary>Inserts; fails where the entity exists.</summary>
    Add = 0,

    /// <summary>Merges into the stored entity. With a default ETag it inserts a missing one, as <see cref="UpsertMerge"/>.</summary>
    UpdateMerge = 1,

    /// <summary>Replaces the stored entity. With a default ETag it inserts a missing one, as <see cref="UpsertReplace"/>.</summary>
    UpdateReplace = 2,

    /// <summary>Deletes; fails where the entity is missing.</summary>
    Delete = 3,

    /// <summary>Inserts, or merges into the stored entity.</summary>
    UpsertMerge = 4,

    /// <summary>Inserts, or replaces the stored entity.</summary>
    UpsertReplace = 5,
}
