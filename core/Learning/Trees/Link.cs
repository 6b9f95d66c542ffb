namespace Mlops.Core.Learning.Trees;

/// <summary>How raw scores become predictions.</summary>
public enum Link
{
    /// <summary>The raw scores are the predictions.</summary>
    Identity,

    /// <summary>One raw score s, two predictions: 1 − σ(s) and σ(s), σ(s) = 1 / (1 + e⁻ˢ).</summary>
    Sigmoid,

    /// <summary>K raw scores, K predictions: eˢᵏ / Σ eˢʲ.</summary>
    Softmax,

    /// <summary>The prediction is eˢ: Poisson and Tweedie.</summary>
    Exp,

    /// <summary>One raw score p that already is the probability of the second class; two predictions: 1 − p and p.</summary>
    Probability,
}
