using Mlops.Core.Costs;

namespace Mlops.Storage.Costs;

/// <summary>Counts what this instance of the app uses, by model, purpose and day. Held in memory until it is taken to be written; a crash loses what was not.</summary>
public sealed class UsageMeter(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly InstanceClock _clock = new();
    private readonly Dictionary<(string Model, UsageKind Kind, DateOnly Day), Usage> _used = [];
    private readonly long _start = time.GetTimestamp();

    /// <summary>An execution of a function begins; it ends when the scope is disposed.</summary>
    public UsageScope Begin(string model, UsageKind kind)
    {
        lock (_lock)
        {
            return new UsageScope(this, model, kind, _clock.Enter(time.GetElapsedTime(_start)));
        }
    }

    /// <summary>Work off the path of an execution: only its requests to storage count.</summary>
    public UsageScope Charge(string model, UsageKind kind) => new(this, model, kind, null);

    /// <summary>Counts an execution whose time cannot be told.</summary>
    public void CountExecution(string model, UsageKind kind) => Add(model, kind, new Usage { Executions = 1 });

    /// <summary>All that was used since the last call.</summary>
    public IReadOnlyList<UsageRow> Take()
    {
        lock (_lock)
        {
            UsageRow[] rows = [.. _used.Select(entry => new UsageRow(entry.Key.Model, entry.Key.Kind, entry.Key.Day, entry.Value))];
            _used.Clear();
            return rows;
        }
    }

    /// <summary>Takes back what could not be written.</summary>
    public void Return(UsageRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        lock (_lock)
        {
            (string Model, UsageKind Kind, DateOnly Day) key = (row.Model, row.Kind, row.Day);
            _used[key] = _used.GetValueOrDefault(key, Usage.None) + row.Used;
        }
    }

    /// <summary>Counts a request to storage for whatever runs now.</summary>
    internal void Count(StorageRequest request)
    {
        if (UsageScope.Current is { } scope)
        {
            scope.Count(request);
        }
        else
        {
            using UsageScope alone = Charge(string.Empty, UsageKind.Work);
            alone.Count(request);
        }
    }

    internal void Add(UsageScope scope, Usage used) => Add(scope.Model, scope.Kind, used);

    internal double Leave(double entered)
    {
        lock (_lock)
        {
            return _clock.Leave(entered, time.GetElapsedTime(_start));
        }
    }

    private void Add(string model, UsageKind kind, Usage used)
    {
        if (used != Usage.None)
        {
            Return(new UsageRow(model, kind, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), used));
        }
    }
}
