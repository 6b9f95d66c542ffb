#nullable enable
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>One write of an entity: alone or in a transaction the same method, address, condition and body.</summary>
internal sealed record EntityWrite(TableTransactionActionType Action, ITableEntity Entity, ETag ETag)
{
    internal RequestMethod Method => Action switch
    {
        TableTransactionActionType.Add => RequestMethod.Post,
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpsertMerge => RequestMethod.Patch,
        TableTransactionActionType.UpdateReplace or TableTransactionActionType.UpsertReplace => RequestMethod.Put,
        TableTransactionActionType.Delete => RequestMethod.Delete,
        _ => throw new InvalidOperationException($"Unknown transaction action '{Action}'."),
    };

    /// <summary>The value of If-Match, or null. Without it an update inserts a missing entity.</summary>
    internal string? IfMatch => Action switch
    {
        TableTransactionActionType.Delete => ETag == default ? "*" : ETag.ToString("H"),
        TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace when ETag != default => ETag.ToString("H"),
        _ => null,
    };

    internal bool HasBody => Action != TableTransactionActionType.Delete;

    internal static EntityWrite Of(TableTransactionAction action) => new(action.ActionType, action.Entity, action.ETag);

    internal static EntityWrite Upsert(ITableEntity entity, TableUpdateMode mode) =>
        new(Replaces(mode) ? TableTransactionActionType.UpsertReplace : TableTransactionActionType.UpsertMerge, entity, default);

    internal static EntityWrite Update(ITableEntity entity, ETag ifMatch, TableUpdateMode mode)
    {
        if (ifMatch == default)
        {
            throw new ArgumentException("The ETag is the default; pass the entity's ETag, or ETag.All to update any version.", nameof(ifMatch));
        }

        return new(Replaces(mode) ? TableTransactionActionType.UpdateReplace : TableTransactionActionType.UpdateMerge, entity, ifMatch);
    }

    private static bool Replaces(TableUpdateMode mode) => mode switch
    {
        TableUpdateMode.Merge => false,
        TableUpdateMode.Replace => true,
        _ => throw new ArgumentException($"Unexpected value for {nameof(mode)}: {mode}.", nameof(mode)),
    };
}
