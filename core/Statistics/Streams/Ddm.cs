namespace Mlops.Core.Statistics.Streams;

/// <summary>Drift detection method: the error rate of a classifier has risen above its lowest level. Input: 1 = wrong, 0 = right.</summary>
/// <remarks>Gama, Medas, Castillo, Rodrigues (2004): drift when p + s &gt; p_min + k·s_min with s = √(p(1 − p)/n). The published k = 3 alarms on nearly half of all stationary streams of
/// 10,000 points, because the minimum is searched for; the default here is set by simulation (see docs/calibration.md). O(1) a value, 5 numbers of state.</remarks>
/// <param name="driftThreshold">k of drift.</param>
/// <param name="warningThreshold">k of a warning.</param>
/// <param name="warmUp">Values before anything is said.</param>
/// <param name="minimumErrors">Errors before anything is said: s is no deviation of a rate that few errors gave, and 0 before the first, so that this one would be an alarm.</param>
public sealed class Ddm(double driftThreshold = Ddm.CalibratedThreshold, double warningThreshold = Ddm.CalibratedThreshold * 0.75, int warmUp = 200, int minimumErrors = 30) : StreamDetector
{
    /// <summary>The k at which at most 5 % of stationary streams of 10,000 points alarm, at any error rate.</summary>
    public const double CalibratedThreshold = 5;

    private double _count, _rate, _minimumRate, _minimumDeviation, _minimumSum = double.PositiveInfinity;

    /// <summary>The settings of the paper and of common libraries: thresholds 2 and 3 after 30 values.</summary>
    public static Ddm Published() => new(3, 2, 30, 0);

    /// <inheritdoc/>
    protected override StreamSignal Next(double value)
    {
        _count++;
        _rate += (value - _rate) / _count;
        if (_count <= warmUp || _rate * _count < minimumErrors - 0.5)
        {
            return StreamSignal.None;
        }

        double deviation = Math.Sqrt(Math.Max(0, _rate * (1 - _rate)) / _count), sum = _rate + deviation;
        if (sum <= _minimumSum)
        {
            (_minimumRate, _minimumDeviation, _minimumSum) = (_rate, deviation, sum);
        }

        if (sum > _minimumRate + driftThreshold * _minimumDeviation)
        {
            (_count, _rate, _minimumRate, _minimumDeviation, _minimumSum) = (0, 0, 0, 0, double.PositiveInfinity);
            return StreamSignal.Drift;
        }

        return sum > _minimumRate + warningThreshold * _minimumDeviation ? StreamSignal.Warning : StreamSignal.None;
    }

    /// <inheritdoc/>
    protected override void Visit(StateVisitor state)
    {
        _count = state.Value(_count);
        _rate = state.Value(_rate);
        _minimumRate = state.Value(_minimumRate);
        _minimumDeviation = state.Value(_minimumDeviation);
        _minimumSum = state.Value(_minimumSum);
    }
}
