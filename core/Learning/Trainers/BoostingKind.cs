using Mlops.Core.Features;
using Mlops.Core.Learning.Boosting;

namespace Mlops.Core.Learning.Trainers;

/// <summary>Gradient-boosted trees that find their number of iterations on rows held back, then train on all rows.</summary>
internal sealed class BoostingKind : TrainerKind
{
    /// <summary>Below this many rows nothing is held back: too few to tell when to stop.</summary>
    private const int MinRowsToStopEarly = 200;

    /// <inheritdoc/>
    public override string Name => "boosting";

    /// <inheritdoc/>
    public override string Description => "Gradient-boosted trees on histograms, grown leaf by leaf. The number of iterations is found on rows held back; then all rows are trained on. Keeps `training.monotone`, except for more than two classes.";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainerParameter> Parameters { get; } =
    [
        TrainerParameter.Choice("loss", ["squared", "absolute", "quantile", "poisson", "tweedie"], "squared", "Regression only: what is minimised. Absolute predicts medians; Poisson and Tweedie predict means of numbers ≥ 0."),
        new("quantile", 0.001, 0.999, 0.5, false, "The quantile of quantile loss."),
        new("tweediePower", 1.01, 1.99, 1.5, false, "The variance power of Tweedie loss."),
        new("iterations", 1, 100_000, 300, true, "Iterations at most."),
        new("learningRate", 0.0001, 1, 0.1, false, "Step size."),
        new("learningRateDecay", 0.5, 1, 1, false, "Factor on the step size after every iteration."),
        new("maxLeaves", 2, 65_535, 31, true, "Leaves per tree at most."),
        new("maxDepth", 0, 64, 0, true, "Depth at most; 0 means no limit."),
        new("minLeafRows", 1, 1_000_000, 20, true, "Rows per leaf at least."),
        new("minLeafWeight", 0, 1e6, 1e-3, false, "Sum of second derivatives per leaf at least."),
        new("minGain", 0, 1e9, 0, false, "Least gain for a split."),
        new("l1", 0, 1e6, 0, false, "L1 penalty on leaf values."),
        new("l2", 0, 1e6, 0, false, "L2 penalty on leaf values."),
        new("categoricalL2", 0, 1e6, 10, false, "Additional L2 penalty of categorical splits."),
        new("maxBins", 2, 255, 255, true, "Value bins per feature at most."),
        new("rowFraction", 0.01, 1, 1, false, "Share of the rows drawn per iteration."),
        new("columnFraction", 0.01, 1, 1, false, "Share of the columns drawn per tree."),
        TrainerParameter.Flag(TrainingWeights.Balanced, false, "Classification only: every class weighs the same."),
        new("earlyStoppingRounds", 0, 10_000, 25, true, "Stop after this many iterations without improvement on rows held back; 0 never stops."),
        new("validationFraction", 0.05, 0.5, 0.15, false, "Share of the rows held back to decide when to stop."),
        .. FeatureParameters.Of(FeatureOptions.Trees),
    ];

    /// <inheritdoc/>
    public override bool KeepsMonotone => true;

    /// <inheritdoc/>
    public override FeatureOptions? Features(TrainerSettings settings) => FeatureParameters.Apply(FeatureOptions.Trees, settings);

    /// <inheritdoc/>
    public override Scorer Fit(TrainingInput input, CancellationToken cancellationToken)
    {
        BoostingOptions options = Options(input);
        TrainingSet set = input.Set;
        if (options.EarlyStoppingRounds == 0 || set.Rows < MinRowsToStopEarly)
        {
            return new Scorer(BoostingTrainer.Fit(set, options with { EarlyStoppingRounds = 0 }, Session(input, Report(input)), cancellationToken).Model);
        }

        // 1. How many iterations? Rows held back tell.
        (int[] learn, int[] watch) = HoldBack(input);
        BoostingResult stopped = BoostingTrainer.Fit(Take(set, learn), options, Session(input, Report(input)) with { Validation = Take(set, watch) }, cancellationToken);

        // 2. That many, on all rows.
        BoostingOptions final = options with { Iterations = Math.Max(1, stopped.BestIteration), EarlyStoppingRounds = 0 };
        return new Scorer(BoostingTrainer.Fit(set, final, Session(input, null), cancellationToken).Model);
    }

    private static BoostingOptions Options(TrainingInput input)
    {
        TrainerSettings s = input.Settings;
        return new BoostingOptions
        {
            Loss = input.Task.Kind switch
            {
                TaskKind.Binary => BoostingLoss.Binary,
                TaskKind.MultiClass => BoostingLoss.MultiClass,
                _ => (BoostingLoss)s.Whole("loss"),
            },
            Classes = input.Task.Kind == TaskKind.MultiClass ? input.Task.Classes.Count : 0,
            Quantile = s["quantile"],
            TweediePower = s["tweediePower"],
            Iterations = s.Whole("iterations"),
            LearningRate = s["learningRate"],
            LearningRateDecay = s["learningRateDecay"],
            MaxLeaves = s.Whole("maxLeaves"),
            MaxDepth = s.Whole("maxDepth"),
            MinLeafRows = s.Whole("minLeafRows"),
            MinLeafWeight = s["minLeafWeight"],
            MinGain = s["minGain"],
            L1 = s["l1"],
            L2 = s["l2"],
            CategoricalL2 = s["categoricalL2"],
            MaxBins = s.Whole("maxBins"),
            RowFraction = s["rowFraction"],
            ColumnFraction = s["columnFraction"],
            Monotone = input.Monotone,
            EarlyStoppingRounds = s.Whole("earlyStoppingRounds"),
            Seed = unchecked((long)input.Seed),
            Threads = input.Threads,
            TrackTrainingLoss = input.Progress is not null,
        };
    }

    /// <summary>Deals the rows of every class (regression: all rows) in seeded random order, so that each class is on both sides when it can be.</summary>
    private static (int[] Learn, int[] Watch) HoldBack(TrainingInput input)
    {
        double fraction = input.Settings["validationFraction"];
        if (input.Task.Forecast is not null)
        {
            // Rows come in the order of time: the newest tell when to stop, as random ones would share their values with those learned from.
            int past = input.Set.Rows - (int)(input.Set.Rows * fraction);
            return ([.. Enumerable.Range(0, past)], [.. Enumerable.Range(past, input.Set.Rows - past)]);
        }

        bool regression = input.Task.Kind == TaskKind.Regression;
        List<int> learn = [];
        List<int> watch = [];
        foreach (IGrouping<float, int> group in Enumerable.Range(0, input.Set.Rows).GroupBy(i => regression ? 0 : input.Set.Y[i]).OrderBy(g => g.Key))
        {
            int[] rows = [.. group.OrderBy(i => SeededRandom.Mix(input.Seed, (ulong)i))];
            int held = (int)(rows.Length * fraction);
            watch.AddRange(rows[..held]);
            learn.AddRange(rows[held..]);
        }

        learn.Sort();
        watch.Sort();
        return ([.. learn], [.. watch]);
    }

    private static TrainingSet Take(TrainingSet set, int[] rows) => new(set.X.Take(rows), [.. rows.Select(i => set.Y[i])], set.Weights is null ? null : [.. rows.Select(i => set.Weights[i])], [.. rows.Select(i => (long)i)]);

    private static BoostingSession Session(TrainingInput input, IProgress<BoostingProgress>? progress) => new()
    {
        Progress = progress,
        Resume = input.Checkpoints?.Find,
        Checkpoint = input.Checkpoints?.Keep,
    };

    private static LossProgress? Report(TrainingInput input) => input.Progress is null ? null : new LossProgress(input.Progress);

    private sealed class LossProgress(IProgress<MetricPoint> progress) : IProgress<BoostingProgress>
    {
        public void Report(BoostingProgress value)
        {
            if (value.TrainingLoss is { } trained)
            {
                progress.Report(new MetricPoint("train.loss", value.Iteration, trained));
            }

            if (value.ValidationLoss is { } loss)
            {
                progress.Report(new MetricPoint("validation.loss", value.Iteration, loss));
            }
        }
    }
}
