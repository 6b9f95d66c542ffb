using System.Numerics.Tensors;
using Mlops.Core.Features;
using Mlops.Core.Learning.Forest;
using Mlops.Core.Learning.Linear;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Trainers;

/// <summary>Random forest, or extremely randomised trees.</summary>
internal sealed class ForestKind(bool randomCuts) : TrainerKind
{
    // A constant: neither the scale of the weights nor the number of rows may change what is learned. One zero costs a log loss of 34, this at most ln 500 more than the baseline's.
    private const float PriorShare = 0.002f;

    /// <inheritdoc/>
    public override string Name => randomCuts ? "extraTrees" : "forest";

    /// <inheritdoc/>
    public override string Description => randomCuts ? "Extremely randomised trees: each tried column gets one random cut." : "A random forest: the mean of trees on bootstrap samples.";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainerParameter> Parameters { get; } =
    [
        new("trees", 1, 10_000, 200, true, "Number of trees."),
        new("maxDepth", 0, 64, 0, true, "Depth at most; 0 means no limit."),
        new("minLeafRows", 1, 1_000_000, 1, true, "Rows per leaf at least."),
        new("columnFraction", 0, 1, 0, false, "Share of the columns tried per node; 0 for their square root (classification) or a third (regression)."),
        TrainerParameter.Flag("bootstrap", !randomCuts, "Each tree sees a bootstrap sample of the rows instead of all."),
        new("maxBins", 2, 255, 255, true, "Value bins per feature at most."),
        TrainerParameter.Flag(TrainingWeights.Balanced, false, "Classification only: every class weighs the same."),
        .. FeatureParameters.Of(FeatureOptions.Trees),
    ];

    /// <inheritdoc/>
    public override FeatureOptions? Features(TrainerSettings settings) => FeatureParameters.Apply(FeatureOptions.Trees, settings);

    /// <inheritdoc/>
    public override Scorer Fit(TrainingInput input, CancellationToken cancellationToken)
    {
        TrainerSettings s = input.Settings;
        bool regression = input.Task.Kind == TaskKind.Regression;
        ForestOptions options = new()
        {
            Classes = regression ? 0 : input.Task.Classes.Count,
            Trees = s.Whole("trees"),
            MaxDepth = s.Whole("maxDepth"),
            MinLeafRows = s.Whole("minLeafRows"),
            ColumnFraction = s["columnFraction"] > 0 ? s["columnFraction"] : null,
            Bootstrap = s.Whole("bootstrap") == 1,
            OutOfBag = s.Whole("bootstrap") == 1 && input.Progress is not null,
            RandomCuts = randomCuts,
            MaxBins = s.Whole("maxBins"),
            Seed = unchecked((long)input.Seed),
            Threads = input.Threads,
        };
        ForestResult result = ForestTrainer.Fit(input.Set, options, null, cancellationToken);
        if (result.OutOfBagScore is { } score)
        {
            input.Progress?.Report(new MetricPoint(regression ? "outOfBag.r2" : "outOfBag.accuracy", options.Trees, score));
        }

        return new Scorer(regression ? result.Model : Smooth(result.Model, input));
    }

    /// <summary>No class is impossible because the few rows of a leaf lacked it: every leaf gives <see cref="PriorShare"/> to the shares of the classes in all rows.</summary>
    private static TreeEnsemble Smooth(TreeEnsemble model, TrainingInput input)
    {
        foreach (DecisionTree tree in model.Trees)
        {
            TensorPrimitives.Multiply(tree.Values, 1 - PriorShare, tree.Values);
        }

        LinearModel prior = BaselineKind.Model(input.Task, input.Set.Y, input.Set.Weights);
        float[] shares = new float[prior.Outputs];
        Links.Apply(prior.Link, prior.Intercepts, shares);
        return new TreeEnsemble
        {
            Features = model.Features,
            Trees = model.Trees,
            BaseScores = [.. (model.Width == 1 ? shares[1..] : shares).Select(share => (double)(PriorShare * share))],
            Link = model.Link,
            Average = model.Average,
        };
    }
}
