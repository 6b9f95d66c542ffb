namespace Mlops.Core.Statistics.Streams;

/// <summary>Two-sided cumulative sum of standardised values: a lasting shift of the mean, in any unit.</summary>
/// <remarks>Page (1954): S⁺ₜ = max(0, S⁺ₜ₋₁ + zₜ − k), S⁻ likewise, drift when one exceeds h. The first <c>warmUp</c> values give mean and deviation and are not judged; their
/// estimation error is why h is larger than the textbook's 5 (average run length 930 two-sided, even when both are known). The default is set by simulation so that
/// at most 5 % of stationary streams of 10,000 points alarm (see docs/calibration.md). A single value counts at most <c>clip</c> deviations: without that, two rare errors or one outlier of a heavy tail would be an
/// alarm. Quickest for a shift of 2k deviations. O(1) a value, 5 numbers of state.</remarks>
/// <param name="slack">k, in deviations.</param>
/// <param name="threshold">h, in deviations.</param>
/// <param name="warmUp">Values that set mean and deviation; at least 2.</param>
/// <param name="clip">What a value counts at most, in deviations.</param>
public sealed class Cusum(double slack = 0.25, double threshold = 35, int warmUp = 1000, double clip = 4) : StreamDetector
{
    private double _count, _mean, _squares, _up, _down;

    /// <summary>The textbook's settings for values standardised by 100 of them: k = 0.5, h = 5, nothing clipped.</summary>
    public static Cusum Published() => new(0.5, 5, 100, double.PositiveInfinity);

    /// <inheritdoc/>
    protected override StreamSignal Next(double value)
    {
        if (_count < warmUp)
        {
            _count++;
            double previous = _mean;
            _mean += (value - _mean) / _count;
            _squares += (value - previous) * (value - _mean);
            return StreamSignal.None;
        }

        double deviation = Math.Sqrt(_squares / (_count - 1));
        double z = value == _mean ? 0 : deviation > 0 ? Math.Clamp((value - _mean) / deviation, -clip, clip) : Math.CopySign(clip, value - _mean);
        _up = Math.Max(0, _up + z - slack);
        _down = Math.Max(0, _down - z - slack);
        if (Math.Max(_up, _down) <= threshold)
        {
            return StreamSignal.None;
        }

        (_count, _mean, _squares, _up, _down) = (0, 0, 0, 0, 0);
        return StreamSignal.Drift;
    }

    /// <inheritdoc/>
    protected override void Visit(StateVisitor state)
    {
        _count = state.Value(_count);
        _mean = state.Value(_mean);
        _squares = state.Value(_squares);
        _up = state.Value(_up);
        _down = state.Value(_down);
    }
}
