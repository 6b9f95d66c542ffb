namespace Mlops.Core.Statistics.Streams;

/// <summary>Adaptive windowing: keeps the longest recent window whose mean has not changed, in O(log n) memory.</summary>
/// <remarks>Bifet and Gavaldà (2007), ADWIN2 with an exponential histogram. Two halves differ when |μ₀ − μ₁| &gt; √(2·v·ln(2·ln(W)/δ)/m) + ⅔·ln(2·ln(W)/δ)/m with 1/m = 1/n₀ + 1/n₁. The bound is
/// conservative: at the published δ = 0.002 stationary streams hardly ever alarm (see docs/calibration.md), so published and default settings are the same. Checked every
/// <c>clock</c> values; O(log n) amortised.</remarks>
/// <param name="delta">δ: error probability of one comparison.</param>
/// <param name="clock">Values between checks.</param>
/// <param name="maximumBuckets">Buckets of one size before two are joined.</param>
/// <param name="minimumWindow">Values in each half.</param>
/// <param name="grace">Values before the first check.</param>
public sealed class Adwin(double delta = 0.002, int clock = 32, int maximumBuckets = 5, int minimumWindow = 5, int grace = 10) : StreamDetector
{
    // One list per size 2^i, oldest bucket first; totals and sums of squared deviations side by side.
    private readonly List<List<double>> _totals = [[]];
    private readonly List<List<double>> _variances = [[]];
    private double _width, _total, _variance, _ticks;

    /// <summary>Values in the window.</summary>
    public double Width => _width;

    /// <summary>Mean of the window; NaN when empty.</summary>
    public double Mean => _width == 0 ? double.NaN : _total / _width;

    /// <inheritdoc/>
    protected override StreamSignal Next(double value)
    {
        Insert(value);
        _ticks++;
        if (_ticks % clock != 0 || _width <= grace || !Shrink())
        {
            return StreamSignal.None;
        }

        _totals.Clear();
        _totals.Add([]);
        _variances.Clear();
        _variances.Add([]);
        (_width, _total, _variance, _ticks) = (0, 0, 0, 0);
        return StreamSignal.Drift;
    }

    /// <inheritdoc/>
    protected override void Visit(StateVisitor state)
    {
        _width = state.Value(_width);
        _total = state.Value(_total);
        _variance = state.Value(_variance);
        _ticks = state.Value(_ticks);
        int levels = (int)Math.Clamp(state.Value(_totals.Count), 1, 64);
        while (_totals.Count != levels)
        {
            if (_totals.Count < levels)
            {
                _totals.Add([]);
                _variances.Add([]);
            }
            else
            {
                _totals.RemoveAt(_totals.Count - 1);
                _variances.RemoveAt(_variances.Count - 1);
            }
        }

        for (int i = 0; i < levels; i++)
        {
            state.List(_totals[i]);
            state.List(_variances[i]);
            if (_totals[i].Count != _variances[i].Count)
            {
                throw new FormatException($"The state of Adwin has {_totals[i].Count} totals and {_variances[i].Count} variances at level {i}.");
            }
        }
    }

    private void Insert(double value)
    {
        _totals[0].Add(value);
        _variances[0].Add(0);
        if (_width > 0)
        {
            double gap = value - _total / _width;
            _variance += _width * gap * gap / (_width + 1);
        }

        _width++;
        _total += value;
        for (int level = 0; _totals[level].Count == maximumBuckets + 1; level++)
        {
            if (level + 1 == _totals.Count)
            {
                _totals.Add([]);
                _variances.Add([]);
            }

            double size = Math.Pow(2, level), a = _totals[level][0], b = _totals[level][1], gap = (a - b) / size;
            _totals[level + 1].Add(a + b);
            _variances[level + 1].Add(_variances[level][0] + _variances[level][1] + size / 2 * gap * gap);
            _totals[level].RemoveRange(0, 2);
            _variances[level].RemoveRange(0, 2);
        }
    }

    /// <summary>Whether any cut, oldest first, separates two different means.</summary>
    private bool Shrink()
    {
        double n0 = 0, u0 = 0, n1 = _width, u1 = _total, prime = Math.Log(2 * Math.Log(_width) / delta), v = _variance / _width;
        for (int level = _totals.Count - 1; level >= 0; level--)
        {
            double size = Math.Pow(2, level);
            for (int k = 0; k < _totals[level].Count - 1; k++)
            {
                n0 += size;
                u0 += _totals[level][k];
                n1 -= size;
                u1 -= _totals[level][k];
                if (n0 < minimumWindow || n1 < minimumWindow)
                {
                    continue;
                }

                double reciprocal = 1 / (n0 - minimumWindow + 1) + 1 / (n1 - minimumWindow + 1);
                if (Math.Abs(u0 / n0 - u1 / n1) > Math.Sqrt(2 * reciprocal * v * prime) + 2.0 / 3 * prime * reciprocal)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
