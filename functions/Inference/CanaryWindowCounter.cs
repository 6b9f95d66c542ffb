using Mlops.Core.Traffic;

namespace Mlops.Functions.Inference;

/// <summary>Counts the requests of one version in one minute, from any number of threads.</summary>
internal sealed class CanaryWindowCounter
{
    private readonly Lock _lock = new();
    private CanaryWindow _window = CanaryWindow.Empty;
    private bool _changed;

    public void Add(bool failed, TimeSpan latency)
    {
        CanaryWindow one = new(1, failed ? 1 : 0, LatencyHistogram.Of([latency.TotalMilliseconds]), Milliseconds: latency.TotalMilliseconds);
        lock (_lock)
        {
            _window = _window.Merge(one);
            _changed = true;
        }
    }

    /// <summary>What <see cref="TakeChanged"/> gave out was not written: it is given out again.</summary>
    public void MarkChanged()
    {
        lock (_lock)
        {
            _changed = true;
        }
    }

    /// <summary>All that was counted, or null when nothing came since the last call.</summary>
    public CanaryWindow? TakeChanged()
    {
        lock (_lock)
        {
            bool changed = _changed;
            _changed = false;
            return changed ? _window : null;
        }
    }
}
