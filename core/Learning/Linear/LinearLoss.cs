namespace Mlops.Core.Learning.Linear;

/// <summary>The smooth part of a linear model's objective.</summary>
internal enum LinearLoss
{
    /// <summary>½(y − raw)².</summary>
    Squared,

    /// <summary>ln(1 + eʳᵃʷ) − y·raw.</summary>
    Logistic,

    /// <summary>ln Σ eʳᵃʷ − raw[y].</summary>
    Softmax,
}
