namespace Mlops.Core.Learning.Boosting;

/// <summary>What boosting minimises.</summary>
public enum BoostingLoss
{
    /// <summary>½(y − s)²: regression to the mean.</summary>
    Squared,

    /// <summary>|y − s|: regression to the median. Trains on one shard only.</summary>
    Absolute,

    /// <summary>Pinball loss: regression to a quantile (<see cref="BoostingOptions.Quantile"/>). Trains on one shard only.</summary>
    Quantile,

    /// <summary>eˢ − y·s, y ≥ 0: counts. The prediction is eˢ.</summary>
    Poisson,

    /// <summary>Tweedie deviance with power 1 … 2 (<see cref="BoostingOptions.TweediePower"/>), y ≥ 0: amounts with many zeros. The prediction is eˢ.</summary>
    Tweedie,

    /// <summary>Logistic loss for y in {0, 1}.</summary>
    Binary,

    /// <summary>Softmax cross-entropy for y in {0 … classes − 1}; one tree per class and iteration.</summary>
    MultiClass,
}
