using Mlops.Core.Learning;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>Writes the metric points of a run while its training goes on, every few seconds, so that who looks sees how far it is.</summary>
internal sealed class MetricTrace(RunStore runs, string run, TimeProvider time, CancellationToken cancellationToken) : IProgress<MetricPoint>
{
    /// <summary>Time between two writes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // A run keeps at most this many points: enough for every curve, and a bound on what a training can write.
    private const int MaximumPoints = 10_000;
    private readonly List<MetricPoint> _waiting = [];
    private int _points;
    private long _written = time.GetTimestamp();

    /// <summary>Takes a point, on the training's own thread, which waits for the write: it is no request's thread.</summary>
    public void Report(MetricPoint value)
    {
        if (_points < MaximumPoints)
        {
            _points++;
            _waiting.Add(value);
        }

        if (time.GetElapsedTime(_written) >= Interval)
        {
            FlushAsync().GetAwaiter().GetResult();
        }
    }

    /// <summary>Writes what waits.</summary>
    public async Task FlushAsync()
    {
        await runs.WriteMetricsAsync(run, _waiting, cancellationToken);
        _waiting.Clear();
        _written = time.GetTimestamp();
    }
}
