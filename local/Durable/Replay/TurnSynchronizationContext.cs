namespace Mlops.Local.Durable.Replay;

/// <summary>Runs an orchestrator on one thread. A continuation that comes from another thread means that it has awaited something that is not durable.</summary>
internal sealed class TurnSynchronizationContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly Action _onViolation;
    private volatile int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _violated;

    /// <param name="onViolation">Called when a continuation comes from another thread or after the turn; from that thread.</param>
    public TurnSynchronizationContext(Action onViolation) => _onViolation = onViolation;

    /// <summary>True when the orchestrator has left its thread.</summary>
    public bool Violated => _violated;

    /// <summary>True on the turn's thread while the turn lasts.</summary>
    public bool IsHere => Environment.CurrentManagedThreadId == _thread;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsHere)
        {
            _posted.Enqueue((d, state));
        }
        else
        {
            Violate();
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsHere)
        {
            Violate();
            throw new InvalidOperationException(IllegalAwait.Message);
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs what has been posted until nothing is left.</summary>
    public void Drain()
    {
        while (_posted.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }
    }

    /// <summary>Ends the turn.</summary>
    public void Close() => _thread = 0;

    /// <summary>Notes that the orchestrator has left its thread.</summary>
    public void Violate()
    {
        _violated = true;
        _onViolation();
    }
}
