namespace Mlops.Core.Learning.Boosting;

/// <summary>Settings of gradient-boosted trees. The defaults suit a few thousand to a few million rows.</summary>
public sealed record BoostingOptions
{
    /// <summary>What is minimised. Default squared error.</summary>
    public BoostingLoss Loss { get; init; }

    /// <summary>Number of classes of <see cref="BoostingLoss.MultiClass"/>, ≥ 2; otherwise unused. Default 0.</summary>
    public int Classes { get; init; }

    /// <summary>The quantile of <see cref="BoostingLoss.Quantile"/>, inside (0, 1). Default 0.5.</summary>
    public double Quantile { get; init; } = 0.5;

    /// <summary>The variance power of <see cref="BoostingLoss.Tweedie"/>, inside (1, 2). Default 1.5.</summary>
    public double TweediePower { get; init; } = 1.5;

    /// <summary>Iterations at most, 1 … 100,000; each grows one tree (one per class for multi-class). Default 100.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Step size, inside (0, 1]. Default 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>The learning rate is multiplied by this after every iteration, inside (0, 1]. Default 1: constant.</summary>
    public double LearningRateDecay { get; init; } = 1;

    /// <summary>Leaves per tree at most, 2 … 65,535. Default 31.</summary>
    public int MaxLeaves { get; init; } = 31;

    /// <summary>Depth at most, ≥ 0; 0 means no limit. Default 0.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Rows per leaf at least, ≥ 1. Default 20.</summary>
    public int MinLeafRows { get; init; } = 20;

    /// <summary>Sum of second derivatives per leaf at least, ≥ 0. Default 0.001.</summary>
    public double MinLeafWeight { get; init; } = 1e-3;

    /// <summary>Least gain for a split, ≥ 0. Default 0.</summary>
    public double MinGain { get; init; }

    /// <summary>L1 penalty on leaf values, ≥ 0. Default 0.</summary>
    public double L1 { get; init; }

    /// <summary>L2 penalty on leaf values, ≥ 0. Default 0.</summary>
    public double L2 { get; init; }

    /// <summary>Additional L2 penalty when a categorical split is chosen, ≥ 0. Default 10.</summary>
    public double CategoricalL2 { get; init; } = 10;

    /// <summary>Value bins per feature at most, 2 … 255 (missing has its own). Default 255.</summary>
    public int MaxBins { get; init; } = 255;

    /// <summary>Share of the rows drawn per iteration, inside (0, 1]. Default 1.</summary>
    public double RowFraction { get; init; } = 1;

    /// <summary>Share of the columns drawn per tree, inside (0, 1]. Default 1.</summary>
    public double ColumnFraction { get; init; } = 1;

    /// <summary>Per column −1 (prediction never rises with the value), 0, or +1 (never falls); null for none. Not for categorical columns.</summary>
    public IReadOnlyList<int>? Monotone { get; init; }

    /// <summary>Per class the factor on its rows' weights; null for 1 each. Classification only.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>With a validation set: stop after this many iterations without a better validation loss; 0 never stops. Default 0.</summary>
    public int EarlyStoppingRounds { get; init; }

    /// <summary>Whether the loss on the training rows is computed after every iteration, which costs a pass. Default false.</summary>
    public bool TrackTrainingLoss { get; init; }

    /// <summary>Seed of row and column sampling. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Threads at most, ≥ 1. The model does not depend on it. Default 1.</summary>
    public int Threads { get; init; } = 1;
}
