using System.Globalization;
using System.Runtime.CompilerServices;
using Mlops.Local.Durable.History;
using Mlops.Local.Durable.Storage;

namespace Mlops.Local.Tests.Durable;

/// <summary>A store in memory with the rules of the real one: the row commits, under its ETag.</summary>
internal sealed class MemoryDurableStore : IDurableStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (InstanceRecord Row, List<HistoryRecord> History)> _instances = new(StringComparer.Ordinal);
    private int _tags;

    /// <summary>Called before each commit; may throw to let it fail.</summary>
    public Action<InstanceRecord, IReadOnlyList<HistoryRecord>>? BeforeCommit { get; set; }

    /// <summary>Called after each commit; may throw to lose the answer.</summary>
    public Action<InstanceRecord, IReadOnlyList<HistoryRecord>>? AfterCommit { get; set; }

    public int Commits { get; private set; }

    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<InstanceRecord?> ReadAsync(string instanceId, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult(_instances.TryGetValue(instanceId, out var found) ? found.Row : null);
        }
    }

    public Task<IReadOnlyList<HistoryRecord>> ReadHistoryAsync(InstanceRecord instance, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<HistoryRecord>>([.. _instances[instance.InstanceId].History.Take(instance.Committed)]);
        }
    }

    public Task<InstanceRecord> CommitAsync(InstanceRecord instance, IReadOnlyList<HistoryRecord> appended, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        BeforeCommit?.Invoke(instance, appended);
        lock (_lock)
        {
            var exists = _instances.TryGetValue(instance.InstanceId, out var found);
            if (exists ? found.Row.ETag != instance.ETag : instance.ETag is not null)
            {
                throw new StoreConflictException(instance.InstanceId);
            }

            var history = exists && found.Row.Generation == instance.Generation ? found.History.ToList() : [];
            history.AddRange(appended);
            Assert.Equal(instance.Committed, history.Count);
            instance = instance with { ETag = (++_tags).ToString(CultureInfo.InvariantCulture) };
            _instances[instance.InstanceId] = (instance, history);
            Commits++;
        }

        AfterCommit?.Invoke(instance, appended);
        return Task.FromResult(instance);
    }

    /// <summary>Puts an instance there from outside.</summary>
    public void Put(InstanceRecord instance, IEnumerable<HistoryRecord> history)
    {
        lock (_lock)
        {
            var records = history.ToList();
            _instances[instance.InstanceId] = (instance with { Committed = records.Count, ETag = (++_tags).ToString(CultureInfo.InvariantCulture) }, records);
        }
    }

    public Task RemoveEarlierGenerationsAsync(InstanceRecord instance, CancellationToken cancellation) => Task.CompletedTask;

    public Task DeleteAsync(InstanceRecord instance, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _instances.Remove(instance.InstanceId);
        }

        return Task.CompletedTask;
    }

    public Task<string?> LoadAsync(StoredText text, CancellationToken cancellation) => Task.FromResult(text.Inline);

    public async IAsyncEnumerable<InstanceRecord> ReadActiveAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        List<InstanceRecord> rows;
        lock (_lock)
        {
            rows = [.. _instances.Values.Select(found => found.Row).Where(row => row.Active)];
        }

        foreach (var row in rows)
        {
            yield return row;
        }
    }

    public Task<(IReadOnlyList<InstanceRecord> Instances, string? Next)> QueryAsync(InstanceFilter filter, int pageSize, string? continuation, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var all = _instances.Values.Select(found => found.Row).Where(row =>
                (continuation is null || string.CompareOrdinal(row.InstanceId, continuation) > 0)
                && (filter.CreatedFrom is null || row.CreatedAt >= filter.CreatedFrom) && (filter.CreatedTo is null || row.CreatedAt <= filter.CreatedTo)
                && (filter.CompletedFrom is null || row.CompletedAt >= filter.CompletedFrom) && (filter.CompletedTo is null || row.CompletedAt <= filter.CompletedTo)
                && (filter.Statuses is null || filter.Statuses.Contains(row.Status))
                && (filter.InstanceIdPrefix is null || row.InstanceId.StartsWith(filter.InstanceIdPrefix, StringComparison.Ordinal))).ToList();
            var page = all.Take(pageSize).ToList();
            return Task.FromResult<(IReadOnlyList<InstanceRecord>, string?)>((page, all.Count > pageSize ? page[^1].InstanceId : null));
        }
    }
}
