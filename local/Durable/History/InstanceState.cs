namespace Mlops.Local.Durable.History;

/// <summary>An instance in memory: its row, its history, and what follows from them.</summary>
internal sealed class InstanceState
{
    private const int KeysToCarry = 256;

    private readonly List<HistoryRecord> _history = [];
    private readonly OrderedDictionary<string, HistoryRecord> _work = [];
    private readonly Dictionary<int, HistoryRecord> _timers = [];
    private readonly HashSet<string> _eventKeys = [];
    private readonly List<string> _sentKeys = [];

    public InstanceState(InstanceRecord instance, IEnumerable<HistoryRecord> history)
    {
        Instance = instance;
        foreach (var record in history)
        {
            Append(record);
        }
    }

    /// <summary>The instance's row.</summary>
    public InstanceRecord Instance { get; set; }

    /// <summary>All records, committed or about to be.</summary>
    public IReadOnlyList<HistoryRecord> History => _history;

    /// <summary>Activities, sub-orchestrations and messages that are not done, by key, in the order of their calls.</summary>
    public IReadOnlyDictionary<string, HistoryRecord> OpenWork => _work;

    /// <summary>Timers that have not fired, by number.</summary>
    public IReadOnlyDictionary<int, HistoryRecord> OpenTimers => _timers;

    /// <summary>True when something has arrived that the orchestrator has not seen.</summary>
    public bool HasNews { get; private set; }

    /// <summary>True while paused.</summary>
    public bool Suspended { get; private set; }

    /// <summary>The time of the last turn.</summary>
    public DateTimeOffset LastTurn { get; private set; }

    /// <summary>True when an event of this key has arrived already.</summary>
    public bool HasSeen(string key) => _eventKeys.Contains(key);

    /// <summary>The keys of the newest events from other instances, for the next generation.</summary>
    public string? KeysForNextGeneration => _sentKeys.Count == 0 ? null : string.Join('\n', _sentKeys.TakeLast(KeysToCarry));

    /// <summary>The key of a record's work.</summary>
    public string KeyOf(HistoryRecord record) => record.Key ?? HistoryRecord.WorkKey(Instance.Generation, record.Id);

    /// <summary>Adds a record and what follows from it.</summary>
    public void Append(HistoryRecord record)
    {
        _history.Add(record);
        HasNews |= record.IsArrival;
        switch (record.Kind)
        {
            case HistoryKind.TurnStarted:
                HasNews = false;
                LastTurn = record.Time;
                break;
            case HistoryKind.TaskScheduled or HistoryKind.SubOrchestrationScheduled or HistoryKind.EventSent or HistoryKind.TerminationSent:
                _work[KeyOf(record)] = record;
                break;
            case HistoryKind.TaskCompleted or HistoryKind.TaskFailed or HistoryKind.SubOrchestrationCompleted or HistoryKind.SubOrchestrationFailed or HistoryKind.Delivered:
                _work.Remove(KeyOf(record));
                break;
            case HistoryKind.TimerCreated:
                _timers[record.Id] = record;
                break;
            case HistoryKind.TimerFired:
                _timers.Remove(record.Id);
                break;
            case HistoryKind.EventRaised when record.Key is { } key:
                Remember(key);
                break;
            case HistoryKind.ExecutionStarted when record.Key is { } keys:
                Array.ForEach(keys.Split('\n'), Remember);
                break;
            case HistoryKind.ExecutionSuspended:
                Suspended = true;
                break;
            case HistoryKind.ExecutionResumed:
                Suspended = false;
                break;
        }
    }

    private void Remember(string key)
    {
        // Only keys of other instances have a slash; a client's event is sent once.
        if (_eventKeys.Add(key) && key.Contains('/', StringComparison.Ordinal))
        {
            _sentKeys.Add(key);
        }
    }
}
