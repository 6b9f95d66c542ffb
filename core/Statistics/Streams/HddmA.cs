namespace Mlops.Core.Statistics.Streams;

/// <summary>Drift of a mean of values in [0, 1] by Hoeffding's bound on plain averages: for sudden changes.</summary>
/// <remarks>Frías-Blanco et al. (2015), test A: the mean of all values against the mean up to the point where it was surely lowest (for a rise) or highest (for a fall). A fall of an error rate is no drift
/// but restarts the averages when <c>twoSided</c>. The confidence is per comparison: over a stream it adds up, hence the smaller default (see docs/calibration.md). O(1) a value, 6 numbers of state.</remarks>
/// <param name="driftConfidence">Error probability of one comparison for drift.</param>
/// <param name="warningConfidence">Error probability of one comparison for a warning.</param>
/// <param name="twoSided">Whether a fall restarts the averages.</param>
public sealed class HddmA(double driftConfidence = 1e-4, double warningConfidence = 1e-3, bool twoSided = true) : StreamDetector
{
    private double _count, _sum, _lowCount, _lowSum, _highCount, _highSum;

    /// <summary>The settings of the paper and of common libraries: 0.001 and 0.005.</summary>
    public static HddmA Published() => new(0.001, 0.005);

    /// <inheritdoc/>
    protected override StreamSignal Next(double value)
    {
        _count++;
        _sum += value;
        (_lowCount, _lowSum) = _lowCount == 0 ? (_count, _sum) : (_lowCount, _lowSum);
        (_highCount, _highSum) = _highCount == 0 ? (_count, _sum) : (_highCount, _highSum);
        double bound = Bound(_count);
        if (_lowSum / _lowCount + Bound(_lowCount) >= _sum / _count + bound)
        {
            (_lowCount, _lowSum) = (_count, _sum);
        }

        if (_highSum / _highCount - Bound(_highCount) <= _sum / _count - bound)
        {
            (_highCount, _highSum) = (_count, _sum);
        }

        StreamSignal signal = Differs(_lowCount, _sum / _count - _lowSum / _lowCount, driftConfidence) ? StreamSignal.Drift
            : Differs(_lowCount, _sum / _count - _lowSum / _lowCount, warningConfidence) ? StreamSignal.Warning
            : StreamSignal.None;
        if (signal == StreamSignal.Drift || (twoSided && Differs(_highCount, _highSum / _highCount - _sum / _count, driftConfidence)))
        {
            (_count, _sum, _lowCount, _lowSum, _highCount, _highSum) = (0, 0, 0, 0, 0, 0);
        }

        return signal;
    }

    /// <inheritdoc/>
    protected override void Visit(StateVisitor state)
    {
        _count = state.Value(_count);
        _sum = state.Value(_sum);
        _lowCount = state.Value(_lowCount);
        _lowSum = state.Value(_lowSum);
        _highCount = state.Value(_highCount);
        _highSum = state.Value(_highSum);
    }

    private double Bound(double count) => Math.Sqrt(Math.Log(1 / driftConfidence) / (2 * count));

    private bool Differs(double count, double difference, double confidence) =>
        count != _count && difference >= Math.Sqrt((_count - count) / count / _count / 2 * Math.Log(2 / confidence));
}
