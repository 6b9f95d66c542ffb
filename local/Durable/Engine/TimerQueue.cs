namespace Mlops.Local.Durable.Engine;

/// <summary>Calls back at given times, with one timer of the operating system for all.</summary>
internal sealed class TimerQueue : IDisposable
{
    // A system timer takes at most 49 days; longer waits are made of several.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly PriorityQueue<Action, DateTimeOffset> _queue = new();
    private readonly ITimer _timer;
    private bool _disposed;

    public TimerQueue(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls back once, at the time or at once when it is past. The callback must be short.</summary>
    public void Add(DateTimeOffset due, Action callback)
    {
        lock (_queue)
        {
            _queue.Enqueue(callback, due);
            Arm();
        }
    }

    public void Dispose()
    {
        lock (_queue)
        {
            _disposed = true;
            _queue.Clear();
        }

        _timer.Dispose();
    }

    private void Fire()
    {
        var due = new List<Action>();
        lock (_queue)
        {
            var now = _time.GetUtcNow();
            while (_queue.TryPeek(out var callback, out var at) && at <= now)
            {
                _queue.Dequeue();
                due.Add(callback);
            }

            Arm();
        }

        due.ForEach(callback => callback());
    }

    private void Arm()
    {
        if (!_disposed && _queue.TryPeek(out _, out var next))
        {
            // Rounded up: a timer that fires a fraction of a millisecond early would find nothing due and spin.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (next - _time.GetUtcNow()).TotalMilliseconds)));
            _timer.Change(wait < s_longest ? wait : s_longest, Timeout.InfiniteTimeSpan);
        }
    }
}
