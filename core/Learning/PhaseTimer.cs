using System.Collections.Concurrent;

namespace Mlops.Core.Learning;

/// <summary>Adds up the time that each step of a training takes, on a clock that the caller brings.</summary>
public sealed class PhaseTimer(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, long> _ticks = new(StringComparer.Ordinal);

    /// <summary>Elapsed time by step, for example "histograms".</summary>
    public IReadOnlyDictionary<string, TimeSpan> Elapsed =>
        _ticks.OrderByDescending(t => t.Value).ToDictionary(t => t.Key, t => clock.GetElapsedTime(0, t.Value));

    internal long Start() => clock.GetTimestamp();

    /// <summary>Adds the time since <paramref name="start"/> to a step and returns the time now, for the next step.</summary>
    internal long Stop(string phase, long start)
    {
        long now = clock.GetTimestamp();
        _ticks.AddOrUpdate(phase, now - start, (_, before) => before + now - start);
        return now;
    }
}
