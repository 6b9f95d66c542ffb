using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Features;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Linear;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Compression;

/// <summary>Makes models smaller and faster.</summary>
public static class ModelCompression
{
    /// <summary>Lengths tried when pruning: every one would cost trees × rows evaluations of the metric.</summary>
    private const int Lengths = 40;

    /// <summary>Log odds of a teacher beyond this say no more than "certain".</summary>
    private const double MaxLogOdds = 8;

    /// <summary>Keeps the fewest first trees whose metric is at most <paramref name="tolerance"/> worse than that of all.</summary>
    /// <param name="model">A model of trees.</param>
    /// <param name="holdOut">Rows that the model was not trained on.</param>
    /// <param name="metric">The metric that decides.</param>
    /// <param name="tolerance">In the unit of the metric, ≥ 0.</param>
    /// <returns>The shorter model, or the same when all trees are needed.</returns>
    /// <exception cref="ArgumentException">The model has no trees, or there is no such metric for its task.</exception>
    public static FittedModel Prune(FittedModel model, DataTable holdOut, string metric, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(holdOut);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        TreeEnsemble whole = model.Scorer.Trees ?? throw new ArgumentException($"A {model.Spec.Trainer} model has no trees to leave out; expected a tree ensemble.", nameof(model));
        double sign = Metric.Named(metric, model.Task).HigherIsBetter ? -1 : 1;
        FeatureMatrix x = model.Pipeline.Transform(holdOut);
        double Value(TreeEnsemble trees)
        {
            Predictions scores = trees.Predict(x);
            return sign * Metrics.Of(model.Task, holdOut[model.Task.Target], model.Calibrator?.Apply(scores) ?? scores, null, model.Task.WeightsOf(holdOut))[metric];
        }

        int step = Step(whole);
        int steps = whole.Trees.Count / step;
        double before = Value(whole);
        for (int i = 1; i <= Lengths; i++)
        {
            int kept = (int)((long)steps * i / Lengths);
            if (kept == 0 || kept == steps)
            {
                continue;
            }

            TreeEnsemble shorter = With(whole, [.. whole.Trees.Take(kept * step)]);
            if (Value(shorter) <= before + tolerance)
            {
                return model.With(new Scorer(shorter));
            }
        }

        return model;
    }

    /// <summary>Keeps the first trees: this share of the iterations, at least one.</summary>
    internal static FittedModel Keep(FittedModel model, double share)
    {
        TreeEnsemble whole = model.Scorer.Trees!;
        int step = Step(whole);
        int steps = Math.Max(1, (int)Math.Round(share * whole.Trees.Count / step));
        return model.With(new Scorer(With(whole, [.. whole.Trees.Take(steps * step)])));
    }

    /// <summary>A linear model with coefficients that half precision holds exactly, which the export then uses; the same up to rounding by 2⁻¹¹ of each.</summary>
    /// <remarks>Beyond the range of half precision, ±65,504, a coefficient is cut off; below 6·10⁻⁸ it becomes 0. Standardised features keep clear of both.</remarks>
    /// <param name="model">A linear model.</param>
    internal static FittedModel Halve(FittedModel model)
    {
        LinearModel linear = model.Scorer.Linear!;
        return model.With(new Scorer(new LinearModel
        {
            Features = linear.Features,
            Coefficients = [.. linear.Coefficients.Select(row => row.Select(c => (double)(Half)Math.Clamp(c, (double)Half.MinValue, (double)Half.MaxValue)).ToArray())],
            Intercepts = linear.Intercepts,
            Means = linear.Means,
            Link = linear.Link,
        }));
    }

    /// <summary>Leaves of all trees of a model; 0 without trees.</summary>
    internal static int Leaves(FittedModel model) => model.Scorer.Trees is { } trees ? Leaves(trees) : 0;

    /// <summary>Trains few small trees to say what a model says (G. Hinton et al., "Distilling the Knowledge in a Neural Network", 2015): its log odds, or its numbers.</summary>
    /// <param name="teacher">The model, of any kind.</param>
    /// <param name="train">Rows to learn on; their targets are not used, so any rows of the kind will do.</param>
    /// <param name="trees">Trees (per class) of the student, 1 … 10,000.</param>
    /// <param name="maxLeaves">Leaves per tree, 2 … 65,535.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="cancellationToken">Stops between steps of training.</param>
    public static FittedModel Distil(FittedModel teacher, DataTable train, int trees, int maxLeaves, ulong seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfLessThan(trees, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trees, 10_000);
        (FeaturePipeline pipeline, FeatureMatrix x) = PipelineFitter.Fit(train, teacher.Task.Features, FeatureOptions.Trees, null, seed);
        if (x.Columns == 0)
        {
            throw new ArgumentException("The rows carry no feature with information; expected at least one column that varies.", nameof(train));
        }

        // 1. What the teacher says, as raw scores.
        Predictions said = teacher.Predict(train);
        float[][] scores = RawScores(teacher.Task, said);

        // 2. One regression per raw score.
        BoostingOptions options = new() { Iterations = trees, MaxLeaves = maxLeaves, LearningRate = Math.Clamp(10.0 / trees, 0.05, 0.3), MinLeafRows = 5, Seed = unchecked((long)seed) };
        List<DecisionTree> all = [];
        double[] bases = new double[scores.Length];
        for (int k = 0; k < scores.Length; k++)
        {
            TreeEnsemble part = BoostingTrainer.Fit(new TrainingSet(x, scores[k]), options, null, null, cancellationToken).Model;
            bases[k] = part.BaseScores[0];
            all.AddRange(part.Trees.Select(t => ForOutput(t, k)));
        }

        TreeEnsemble student = new()
        {
            Features = x.Features,
            Trees = all,
            BaseScores = bases,
            Link = teacher.Task.Kind switch { TaskKind.Regression => Link.Identity, TaskKind.Binary => Link.Sigmoid, _ => Link.Softmax },
        };

        Scorer scorer = new(student);
        CandidateSpec spec = new("boosting", new Dictionary<string, double> { ["iterations"] = trees, ["maxLeaves"] = maxLeaves });
        return new FittedModel(teacher.Task, spec, pipeline, scorer, FeatureImportances.ByColumn(teacher.Task, pipeline, scorer.Importance(x)), null, teacher.Threshold);
    }

    /// <summary>Trees per iteration: one, or one per class.</summary>
    private static int Step(TreeEnsemble ensemble) => ensemble.Trees.Count > 0 && ensemble.Trees[0].Output >= 0 ? ensemble.Width : 1;

    private static float[][] RawScores(LearningTask task, Predictions said)
    {
        double Log(int i, int c) => Math.Log(Math.Max(said.Row(i)[c], 1e-12));
        return task.Kind switch
        {
            TaskKind.Regression => [said.Scores.ToArray()],
            TaskKind.Binary => [[.. Enumerable.Range(0, said.Rows).Select(i => (float)Math.Clamp(Log(i, 1) - Log(i, 0), -MaxLogOdds, MaxLogOdds))]],
            _ => [.. Enumerable.Range(0, said.Width).Select(c => Enumerable.Range(0, said.Rows).Select(i => (float)Math.Max(Log(i, c), -MaxLogOdds)).ToArray())],
        };
    }

    private static DecisionTree ForOutput(DecisionTree tree, int output) => new()
    {
        Feature = tree.Feature,
        Threshold = tree.Threshold,
        MissingLeft = tree.MissingLeft,
        Left = tree.Left,
        Right = tree.Right,
        LeftCodes = tree.LeftCodes,
        Values = tree.Values,
        Cover = tree.Cover,
        Gain = tree.Gain,
        Output = output,
    };

    private static TreeEnsemble With(TreeEnsemble ensemble, IReadOnlyList<DecisionTree> trees) => new()
    {
        Features = ensemble.Features,
        Trees = trees,
        BaseScores = ensemble.BaseScores,
        Link = ensemble.Link,
        Average = ensemble.Average,
    };

    private static int Leaves(TreeEnsemble ensemble) => ensemble.Trees.Sum(t => t.Leaves);
}
