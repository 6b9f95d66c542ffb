using Mlops.Core.Learning.Boosting.Losses;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>Gradient-boosted trees on histograms, grown leaf by leaf.</summary>
public static class BoostingTrainer
{
    /// <summary>Trains.</summary>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="options">Settings.</param>
    /// <param name="validation">Rows with the same columns that decide early stopping, or null.</param>
    /// <param name="progress">Told after every iteration, on the calling thread, or null.</param>
    /// <param name="timer">Told how long each step takes, or null.</param>
    /// <param name="cancellationToken">Stops between two steps of a tree.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the data does not fit the loss.</exception>
    public static BoostingResult Fit(
        TrainingSet train,
        BoostingOptions options,
        TrainingSet? validation = null,
        IProgress<BoostingProgress>? progress = null,
        PhaseTimer? timer = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        BoostingRun run = new(train, options, timer, cancellationToken);
        Validation? watch = validation is null ? null : new Validation(validation, options, run.Model(0));
        List<BoostingProgress> history = [];
        int best = 0;
        for (int i = 0; i < options.Iterations; i++)
        {
            run.Iterate(i, cancellationToken);
            double? validationLoss = watch?.Add(run.Trees.Skip(i * run.Width));
            long start = timer?.Start() ?? 0;
            BoostingProgress step = new(i + 1, options.Iterations, options.TrackTrainingLoss ? run.TrainingLoss() : null, validationLoss);
            timer?.Stop("evaluation", start);
            history.Add(step);
            progress?.Report(step);
            if (validationLoss is null || best == 0 || validationLoss < history[best - 1].ValidationLoss)
            {
                best = i + 1;
            }

            if (options.EarlyStoppingRounds > 0 && i + 1 - best >= options.EarlyStoppingRounds)
            {
                break;
            }
        }

        int keep = options.EarlyStoppingRounds > 0 ? best : history.Count;
        return new BoostingResult(run.Model(keep), keep, history);
    }

    /// <summary>The scores of the validation rows.</summary>
    private sealed class Validation
    {
        private readonly TrainingSet _set;
        private readonly Loss _loss;
        private readonly float[]? _weights;
        private readonly double[] _raw;

        public Validation(TrainingSet set, BoostingOptions options, TreeEnsemble start)
        {
            _set = set;
            _loss = Loss.Of(options);
            _loss.Check(set.Y);
            _weights = BoostingRun.EffectiveWeights(set, options.ClassWeights);
            _raw = new double[set.Rows * start.Width];
            for (int i = 0; i < _raw.Length; i++)
            {
                _raw[i] = start.BaseScores[i % start.Width];
            }
        }

        public double Add(IEnumerable<DecisionTree> trees)
        {
            DecisionTree[] added = [.. trees];
            float[] row = new float[_set.X.Columns];
            double sum = 0;
            double total = 0;
            for (int i = 0; i < _set.Rows; i++)
            {
                _set.X.CopyRow(i, row);
                Span<double> raw = _raw.AsSpan(i * _loss.Width, _loss.Width);
                foreach (DecisionTree tree in added)
                {
                    raw[tree.Output] += tree.Values[tree.Leaf(row, _set.X.Features)];
                }

                double weight = _weights is null ? 1 : _weights[i];
                sum += weight * _loss.Value(_set.Y[i], raw);
                total += weight;
            }

            return sum / total;
        }
    }
}
