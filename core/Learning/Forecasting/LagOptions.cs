using Mlops.Core.Learning.Boosting;

namespace Mlops.Core.Learning.Forecasting;

/// <summary>Settings of <see cref="LagForecaster"/>.</summary>
public sealed record LagOptions
{
    /// <summary>Steps back whose values are features, each ≥ 1. Default 1 … 7.</summary>
    public IReadOnlyList<int> Lags { get; init; } = [1, 2, 3, 4, 5, 6, 7];

    /// <summary>Steps per season, ≥ 2, or 0 for none. Adds the lag of one season and the position in it. Default 0.</summary>
    public int Season { get; init; }

    /// <summary>Last values whose mean is a feature, ≥ 1. Default 7.</summary>
    public int MeanOver { get; init; } = 7;

    /// <summary>Whether differences to the value before are learned instead of values, so that a trend goes on where trees alone would stay in the range they saw. Default true.</summary>
    public bool Difference { get; init; } = true;

    /// <summary>The booster. Default squared loss, 100 iterations, at least 5 rows per leaf.</summary>
    public BoostingOptions Boosting { get; init; } = new() { MinLeafRows = 5 };

    internal int Reach => Math.Max(Math.Max(Lags.Count == 0 ? 1 : Lags.Max(), Season), MeanOver);

    internal void Validate()
    {
        if (Lags.Count > 1000 || Lags.Any(l => l is < 1 or > 100_000) || Season is < 0 or 1 or > 100_000 || MeanOver is < 1 or > 100_000)
        {
            throw new ArgumentException($"Lag options: {Lags.Count} lags, {nameof(Season)} {Season}, {nameof(MeanOver)} {MeanOver}; expected at most 1,000 lags of 1 … 100,000 steps, a season of 0 or 2 … 100,000 and a mean over 1 … 100,000.");
        }
    }
}
