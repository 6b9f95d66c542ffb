using System.Globalization;

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

    /// <summary>Throws with every option that is out of range for the data.</summary>
    internal void Validate(IReadOnlyList<FeatureColumn> columns)
    {
        List<string> errors = [];
        Require(Loss != BoostingLoss.MultiClass || Classes is >= 2 and <= 10_000, nameof(Classes), Classes, "2 … 10,000 for multi-class loss");
        Require(Quantile is > 0 and < 1, nameof(Quantile), Quantile, "between 0 and 1");
        Require(TweediePower is > 1 and < 2, nameof(TweediePower), TweediePower, "between 1 and 2");
        Require(Iterations is >= 1 and <= 100_000, nameof(Iterations), Iterations, "1 … 100,000");
        Require(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "above 0, at most 1");
        Require(LearningRateDecay is > 0 and <= 1, nameof(LearningRateDecay), LearningRateDecay, "above 0, at most 1");
        Require(MaxLeaves is >= 2 and <= 65_535, nameof(MaxLeaves), MaxLeaves, "2 … 65,535");
        Require(MaxDepth >= 0, nameof(MaxDepth), MaxDepth, "at least 0");
        Require(MinLeafRows >= 1, nameof(MinLeafRows), MinLeafRows, "at least 1");
        Require(MinLeafWeight >= 0 && double.IsFinite(MinLeafWeight), nameof(MinLeafWeight), MinLeafWeight, "at least 0");
        Require(MinGain >= 0 && double.IsFinite(MinGain), nameof(MinGain), MinGain, "at least 0");
        Require(L1 >= 0 && double.IsFinite(L1), nameof(L1), L1, "at least 0");
        Require(L2 >= 0 && double.IsFinite(L2), nameof(L2), L2, "at least 0");
        Require(CategoricalL2 >= 0 && double.IsFinite(CategoricalL2), nameof(CategoricalL2), CategoricalL2, "at least 0");
        Require(MaxBins is >= 2 and <= 255, nameof(MaxBins), MaxBins, "2 … 255");
        Require(RowFraction is > 0 and <= 1, nameof(RowFraction), RowFraction, "above 0, at most 1");
        Require(ColumnFraction is > 0 and <= 1, nameof(ColumnFraction), ColumnFraction, "above 0, at most 1");
        Require(EarlyStoppingRounds >= 0, nameof(EarlyStoppingRounds), EarlyStoppingRounds, "at least 0");
        Require(Threads is >= 1 and <= 1024, nameof(Threads), Threads, "1 … 1,024");
        if (Monotone is not null)
        {
            Require(Monotone.Count == columns.Count, nameof(Monotone) + " length", Monotone.Count, $"{columns.Count}, one per column");
            Require(Monotone.All(m => m is >= -1 and <= 1), nameof(Monotone), string.Join(", ", Monotone), "−1, 0 or 1 each");
            Require(Loss != BoostingLoss.MultiClass || Monotone.All(m => m == 0), nameof(Monotone), "set", "none for multi-class loss");
            for (int j = 0; j < Math.Min(columns.Count, Monotone.Count); j++)
            {
                Require(Monotone[j] == 0 || !columns[j].IsCategorical, $"{nameof(Monotone)} of '{columns[j].Name}'", Monotone[j], "0 for a categorical column");
            }
        }

        if (ClassWeights is not null)
        {
            int classes = Loss switch { BoostingLoss.Binary => 2, BoostingLoss.MultiClass => Classes, _ => 0 };
            Require(ClassWeights.Count == classes, nameof(ClassWeights) + " length", ClassWeights.Count, $"{classes}, one per class");
            Require(ClassWeights.All(w => w > 0 && double.IsFinite(w)), nameof(ClassWeights), string.Join(", ", ClassWeights), "finite numbers above 0");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException($"Boosting options: {string.Join("; ", errors)}.");
        }

        void Require(bool holds, string name, object found, string expected)
        {
            if (!holds)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{name} is {found}, expected {expected}"));
            }
        }
    }
}
