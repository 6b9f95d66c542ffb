namespace Mlops.Core.Statistics.Streams;

/// <summary>Which change of the mean is looked for.</summary>
public enum ChangeDirection
{
    /// <summary>A rise.</summary>
    Increase,

    /// <summary>A fall.</summary>
    Decrease,

    /// <summary>Either.</summary>
    Both,
}

/// <summary>Page–Hinkley test of a change of the mean, in the unit of the values.</summary>
/// <remarks>Page (1954), Hinkley (1971): Sₜ = max(0, α·Sₜ₋₁ + xₜ − x̄ₜ − δ), drift when S &gt; λ. δ and λ carry the unit of the values, so no default fits all; <see cref="Cusum"/> standardises itself.
/// The published defaults suit rates (0 and 1), where their average run length exceeds 10⁵ at low rates. O(1) a value, 4 numbers of state.</remarks>
/// <param name="minimumValues">Values before anything is said; common libraries say 30 and count from one ahead.</param>
/// <param name="delta">δ: change that is tolerated.</param>
/// <param name="threshold">λ: sum of deviations that is drift.</param>
/// <param name="forgetting">α: weight of the past sum.</param>
/// <param name="direction">Which change is looked for.</param>
public sealed class PageHinkley(int minimumValues = 29, double delta = 0.005, double threshold = 50, double forgetting = 1 - 0.0001, ChangeDirection direction = ChangeDirection.Increase) : StreamDetector
{
    private double _count, _mean, _up, _down;

    /// <inheritdoc/>
    protected override StreamSignal Next(double value)
    {
        _count++;
        _mean += (value - _mean) / _count;
        _up = Math.Max(0, forgetting * _up + (value - _mean - delta));
        _down = Math.Max(0, forgetting * _down + (_mean - value - delta));
        if (_count < minimumValues || Math.Max(direction == ChangeDirection.Decrease ? 0 : _up, direction == ChangeDirection.Increase ? 0 : _down) <= threshold)
        {
            return StreamSignal.None;
        }

        (_count, _mean, _up, _down) = (0, 0, 0, 0);
        return StreamSignal.Drift;
    }

    /// <inheritdoc/>
    protected override void Visit(StateVisitor state)
    {
        _count = state.Value(_count);
        _mean = state.Value(_mean);
        _up = state.Value(_up);
        _down = state.Value(_down);
    }
}
