using Mlops.Local.Durable.History;

namespace Mlops.Local.Durable.Storage;

/// <summary>Where instances and their histories lie.</summary>
internal interface IDurableStore
{
    /// <summary>Makes what the store needs.</summary>
    Task PrepareAsync(CancellationToken cancellation);

    /// <summary>An instance's row; null when there is none.</summary>
    Task<InstanceRecord?> ReadAsync(string instanceId, CancellationToken cancellation);

    /// <summary>The committed history of the row's generation.</summary>
    Task<IReadOnlyList<HistoryRecord>> ReadHistoryAsync(InstanceRecord instance, CancellationToken cancellation);

    /// <summary>Writes the records and then, as the commit, the row. Either all of it counts afterwards or nothing.</summary>
    /// <param name="instance">The row to write; its ETag must still be the stored one, or null for a row that must not exist.</param>
    /// <param name="appended">The records that come last in the history of <see cref="InstanceRecord.Committed"/> records.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The row as stored.</returns>
    /// <exception cref="StoreConflictException">Somebody else has changed the row.</exception>
    Task<InstanceRecord> CommitAsync(InstanceRecord instance, IReadOnlyList<HistoryRecord> appended, CancellationToken cancellation);

    /// <summary>Removes what earlier generations of the instance have left.</summary>
    Task RemoveEarlierGenerationsAsync(InstanceRecord instance, CancellationToken cancellation);

    /// <summary>Removes the instance and its history.</summary>
    /// <exception cref="StoreConflictException">Somebody else has changed the row.</exception>
    Task DeleteAsync(InstanceRecord instance, CancellationToken cancellation);

    /// <summary>The text, wherever it lies.</summary>
    Task<string?> LoadAsync(StoredText text, CancellationToken cancellation);

    /// <summary>The instances for which the host has something to do.</summary>
    IAsyncEnumerable<InstanceRecord> ReadActiveAsync(CancellationToken cancellation);

    /// <summary>One page of instances, by id. A page may be short or empty although another follows.</summary>
    Task<(IReadOnlyList<InstanceRecord> Instances, string? Next)> QueryAsync(InstanceFilter filter, int pageSize, string? continuation, CancellationToken cancellation);
}
