namespace Mlops.Core.Statistics.Streams;

/// <summary>Drift of a mean of values in [0, 1] by McDiarmid's bound on weighted averages: for gradual changes.</summary>
/// <remarks>Frías-Blanco et al. (2015), test W: exponentially weighted averages before and after the point where the average was surely lowest (rise) or highest (fall). A fall restarts the averages when
/// <c>twoSided</c>. The confidence is per comparison: over a stream it adds up, hence the smaller default, and the smaller λ that makes up for it (see docs/calibration.md). A change
/// by less than about √(λ·ln(1/δ)/2), 0.17 by default, is never seen, however long it lasts: at error rates of a few percent take test A. O(1) a value, 12 numbers of state.</remarks>
/// <param name="driftConfidence">Error probability of one comparison for drift.</param>
/// <param name="warningConfidence">Error probability of one comparison for a warning.</param>
/// <param name="weight">λ: weight of the newest value.</param>
/// <param name="twoSided">Whether a fall restarts the averages.</param>
public sealed class HddmW(double driftConfidence = 1e-5, double warningConfidence = 1e-4, double weight = 0.005, bool twoSided = true) : StreamDetector
{
    private readonly Average _total = new(), _beforeRise = new(), _afterRise = new(), _beforeFall = new(), _afterFall = new();
    private double _lowest = double.PositiveInfinity, _highest = double.NegativeInfinity;

    /// <summary>The settings of the paper and of common libraries: 0.001, 0.005 and λ = 0.05.</summary>
    public static HddmW Published() => new(0.001, 0.005, 0.05);

    /// <inheritdoc/>
    protected override StreamSignal Next(double value)
    {
        _total.Add(value, weight);
        double bound = Math.Sqrt(_total.Squares * Math.Log(1 / driftConfidence) / 2);
        if (_total.Mean + bound < _lowest)
        {
            _lowest = _total.Mean + bound;
            _beforeRise.CopyFrom(_total);
            _afterRise.Clear();
        }
        else
        {
            _afterRise.Add(value, weight);
        }

        if (Differs(_beforeRise, _afterRise, driftConfidence))
        {
            Reset();
            return StreamSignal.Drift;
        }

        StreamSignal signal = Differs(_beforeRise, _afterRise, warningConfidence) ? StreamSignal.Warning : StreamSignal.None;
        if (_total.Mean - bound > _highest)
        {
            _highest = _total.Mean - bound;
            _beforeFall.CopyFrom(_total);
            _afterFall.Clear();
        }
        else
        {
            _afterFall.Add(value, weight);
        }

        if (twoSided && Differs(_afterFall, _beforeFall, driftConfidence))
        {
            Reset();
        }

        return signal;
    }

    /// <inheritdoc/>
    protected override void Visit(StateVisitor state)
    {
        foreach (Average average in (Average[])[_total, _beforeRise, _afterRise, _beforeFall, _afterFall])
        {
            average.Mean = state.Value(average.Mean);
            average.Squares = state.Value(average.Squares);
        }

        _lowest = state.Value(_lowest);
        _highest = state.Value(_highest);
    }

    private static bool Differs(Average lower, Average higher, double confidence) =>
        lower.Squares > 0 && higher.Squares > 0 && higher.Mean - lower.Mean > Math.Sqrt((lower.Squares + higher.Squares) * Math.Log(1 / confidence) / 2);

    private void Reset()
    {
        _total.Clear();
        _beforeRise.Clear();
        _afterRise.Clear();
        _beforeFall.Clear();
        _afterFall.Clear();
        (_lowest, _highest) = (double.PositiveInfinity, double.NegativeInfinity);
    }

    /// <summary>A weighted mean and the sum of its squared weights, 0 before the first value.</summary>
    private sealed class Average
    {
        public double Mean { get; set; }

        public double Squares { get; set; }

        public void Add(double value, double weight) => (Mean, Squares) = Squares == 0
            ? (value, 1)
            : (weight * value + (1 - weight) * Mean, weight * weight + (1 - weight) * (1 - weight) * Squares);

        public void CopyFrom(Average other) => (Mean, Squares) = (other.Mean, other.Squares);

        public void Clear() => (Mean, Squares) = (0, 0);
    }
}
