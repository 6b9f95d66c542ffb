namespace Mlops.Core.Statistics.Streams;

/// <summary>Early drift detection method: errors come closer together. Input: 1 = wrong, 0 = right. Made for slow changes at low error rates.</summary>
/// <remarks>Baena-García et al. (2006): with mean and standard deviation of the distance between errors, drift when (mean + 2·std)/(its maximum) &lt; β. The published β = 0.9 after 30 errors
/// alarms on nearly every stationary stream; the defaults here are set by simulation (see docs/calibration.md). O(1) a value, 7 numbers of state.</remarks>
/// <param name="driftRatio">β of drift.</param>
/// <param name="warningRatio">β of a warning.</param>
/// <param name="minimumErrors">Errors before anything is said, and before the maximum is taken.</param>
/// <param name="minimumValues">Values before the maximum is taken.</param>
public sealed class Eddm(double driftRatio = 0.7, double warningRatio = 0.8, int minimumErrors = 100, int minimumValues = 30) : StreamDetector
{
    private double _count = 1, _errors, _last, _mean, _squares, _maximum;

    /// <summary>The settings of the paper and of common libraries: 0.90 and 0.95 after 30 errors; the maximum is taken from 30 values on.</summary>
    public static Eddm Published() => new(0.9, 0.95, 30);

    /// <inheritdoc/>
    protected override StreamSignal Next(double value)
    {
        _count++;
        if (value != 1)
        {
            return StreamSignal.None;
        }

        _errors++;
        double position = _count - 1, distance = position - _last, previous = _mean;
        _last = position;
        _mean += (distance - _mean) / _errors;
        _squares += (distance - _mean) * (distance - previous);
        double level = _mean + 2 * Math.Sqrt(_squares / _errors);
        if (_count < minimumValues || (minimumErrors > 30 && _errors < minimumErrors))
        {
            return StreamSignal.None;
        }

        if (level > _maximum)
        {
            _maximum = level;
            return StreamSignal.None;
        }

        double ratio = level / _maximum;
        if (_errors <= minimumErrors || ratio >= warningRatio)
        {
            return StreamSignal.None;
        }

        if (ratio >= driftRatio)
        {
            return StreamSignal.Warning;
        }

        (_count, _errors, _last, _mean, _squares, _maximum) = (1, 0, 0, 0, 0, 0);
        return StreamSignal.Drift;
    }

    /// <inheritdoc/>
    protected override void Visit(StateVisitor state)
    {
        _count = state.Value(_count);
        _errors = state.Value(_errors);
        _last = state.Value(_last);
        _mean = state.Value(_mean);
        _squares = state.Value(_squares);
        _maximum = state.Value(_maximum);
    }
}
