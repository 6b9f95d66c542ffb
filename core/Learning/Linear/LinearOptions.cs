namespace Mlops.Core.Learning.Linear;

/// <summary>Settings of linear and logistic regression. The objective is that of scikit-learn's ElasticNet and LogisticRegression, divided by the total weight W.</summary>
/// <remarks>minimise (1/W) Σ wᵢ·loss(yᵢ, rawᵢ) + Strength · (L1Ratio·‖β‖₁ + (1 − L1Ratio)/2·‖β‖²), β on standardised features, intercept free.
/// The loss is ½(y − raw)² or the multinomial (binary: logistic) log loss. Ridge is L1Ratio 0, lasso 1.</remarks>
public sealed record LinearOptions
{
    /// <summary>Weight of the penalty, ≥ 0. Default 0.0001.</summary>
    public double Strength { get; init; } = 1e-4;

    /// <summary>Share of the L1 part, 0 … 1. Default 0 (ridge).</summary>
    public double L1Ratio { get; init; }

    /// <summary>Steps of the solver at most, ≥ 1. Default 1000.</summary>
    public int MaxIterations { get; init; } = 1000;

    /// <summary>Stop when no entry of the objective's (sub)gradient on the standardised scale exceeds this, &gt; 0. Default 1e-7.</summary>
    public double Tolerance { get; init; } = 1e-7;

    /// <summary>Whether the features are scaled to mean 0 and standard deviation 1 for the fit (the coefficients are given back in the original units). Default true.</summary>
    public bool Standardise { get; init; } = true;

    internal void Validate()
    {
        if (!(Strength >= 0) || double.IsInfinity(Strength))
        {
            throw new ArgumentException($"{nameof(Strength)} is {Strength}; expected a finite number ≥ 0.");
        }

        if (!(L1Ratio is >= 0 and <= 1))
        {
            throw new ArgumentException($"{nameof(L1Ratio)} is {L1Ratio}; expected 0 … 1.");
        }

        if (MaxIterations < 1 || !(Tolerance > 0))
        {
            throw new ArgumentException($"{nameof(MaxIterations)} is {MaxIterations} and {nameof(Tolerance)} is {Tolerance}; expected at least 1 and above 0.");
        }
    }
}
