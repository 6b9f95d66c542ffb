using Mlops.TestKit.Running;

namespace Mlops.Local.Tests.Hosting;

/// <summary>A clock that a test moves. Timers fire on the thread that moves it.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan step)
    {
        List<ManualTimer> due;
        lock (_lock)
        {
            _now += step;
            due = _timers.Where(t => t.Due <= _now).ToList();
            foreach (var timer in due)
            {
                _timers.Remove(timer);
            }
        }

        foreach (var timer in due)
        {
            timer.Fire();
        }
    }

    /// <summary>Moves the clock step by step until a condition holds.</summary>
    public async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan step)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 3000, "the condition did not come true while the clock was moved 3,000 steps");
            Advance(step);
            await Task.Delay(10);
        }
    }

    /// <summary>Waits until a timer is set for a time, and moves the clock to just there: whatever that starts sees this time, however slow the machine is.</summary>
    public async Task AdvanceToTimerAsync(DateTimeOffset due)
    {
        await Eventually.HoldsAsync($"a timer is set for {due:O}", () =>
        {
            lock (_lock)
            {
                return Task.FromResult(_timers.Exists(timer => timer.Due == due));
            }
        });
        Advance(due - GetUtcNow());
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time._now + dueTime;
                    time._timers.Add(this);
                }
            }

            return true;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
