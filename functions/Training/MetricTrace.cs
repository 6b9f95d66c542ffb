using Mlops.Core.Learning;

namespace Mlops.Functions.Training;

/// <summary>Collects the metric points of a training as they come.</summary>
internal sealed class MetricTrace : IProgress<MetricPoint>
{
    // A run keeps at most this many points: enough for every curve, and a bound on what a training can write.
    private const int MaximumPoints = 10_000;
    private readonly List<MetricPoint> _points = [];

    public IReadOnlyList<MetricPoint> Points
    {
        get
        {
            lock (_points)
            {
                return [.. _points];
            }
        }
    }

    public void Report(MetricPoint value)
    {
        lock (_points)
        {
            if (_points.Count < MaximumPoints)
            {
                _points.Add(value);
            }
        }
    }
}
