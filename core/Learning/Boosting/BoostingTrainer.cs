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
    /// <param name="cancellationToken">Stops between two steps of a tree.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the data does not fit the loss.</exception>
    public static BoostingResult Fit(
        TrainingSet train,
        BoostingOptions options,
        TrainingSet? validation = null,
        IProgress<BoostingProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Fit(train, options, new BoostingSession { Validation = validation, Progress = progress }, cancellationToken);

    /// <summary>Trains, or goes on with a training.</summary>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="options">Settings.</param>
    /// <param name="session">What goes on around it.</param>
    /// <param name="cancellationToken">Stops between two steps of a tree; the last checkpoint remains good.</param>
    /// <exception cref="ArgumentException">An option is out of range, the data does not fit the loss, or the checkpoint is of another training.</exception>
    public static BoostingResult Fit(TrainingSet train, BoostingOptions options, BoostingSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        return FitShards([new LocalShard(train)], options, session, cancellationToken);
    }

    /// <summary>Trains on rows that lie in shards, in this process or others. The model is the one of the whole, bit for bit, for any number of shards.</summary>
    /// <remarks>Per step every shard tells a sum or a maximum: a sketch for the bins, the largest derivatives, a histogram per leaf, the rows that went left. Rows without ids
    /// are numbered through the shards in their order. <see cref="BoostingLoss.Absolute"/> and <see cref="BoostingLoss.Quantile"/> need one <see cref="InProcessShard"/>: quantiles of residuals do not merge.</remarks>
    /// <param name="shards">The rows, at least one shard, all with the same columns, each with at least one row. A shard serves one training at a time.</param>
    /// <param name="options">Settings.</param>
    /// <param name="session">What goes on around it.</param>
    /// <param name="cancellationToken">Stops between two steps of a tree; the last checkpoint remains good.</param>
    /// <exception cref="ArgumentException">As <see cref="Fit(TrainingSet, BoostingOptions, BoostingSession, CancellationToken)"/>, or the shards differ in columns.</exception>
    public static BoostingResult FitShards(IReadOnlyList<IBoostingShard> shards, BoostingOptions options, BoostingSession session, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(session);
        if (shards.Count == 0 || shards.Any(s => !s.Features.SequenceEqual(shards[0].Features)))
        {
            throw new ArgumentException("There is no shard, or the shards differ in columns; expected parts of one table.", nameof(shards));
        }

        IReadOnlyList<FeatureColumn> columns = shards[0].Features;
        options.Validate(columns);
        if (session.Validation is { } other && other.X.Columns != columns.Count)
        {
            throw new ArgumentException($"The validation rows have {other.X.Columns} columns; expected the training rows' {columns.Count}.", nameof(session));
        }

        string fingerprint = session.Resume is null && session.Checkpoint is null ? "" : Fingerprint.Of(shards, session.Validation, options);
        BoostingRun run = new(shards, options, session.Timer, cancellationToken);
        Validation? watch = session.Validation is null ? null : new Validation(session.Validation, options, run.Model(0));
        List<BoostingProgress> history = [];
        if (session.Resume?.Invoke(fingerprint) is { } resume)
        {
            if (resume.Fingerprint != fingerprint)
            {
                throw new ArgumentException("The checkpoint is of a training with other options or data; resume with the same ones, or start without it.", nameof(session));
            }

            run.Restore(resume.Model.Trees, cancellationToken);
            _ = watch?.Add(resume.Model.Trees);
            history.AddRange(resume.History);
            foreach (BoostingProgress earlier in history)
            {
                session.Progress?.Report(earlier);
            }
        }

        while (history.Count < options.Iterations && !HasConverged(history, options))
        {
            int i = history.Count;
            run.Iterate(i, cancellationToken);
            long start = session.Timer?.Start() ?? 0;
            double? validationLoss = watch?.Add(run.Trees.Skip(i * run.Width));
            history.Add(new BoostingProgress(i + 1, options.Iterations, options.TrackTrainingLoss ? run.TrainingLoss() : null, validationLoss));
            session.Timer?.Stop("evaluation", start);
            session.Progress?.Report(history[i]);
            if (session.Checkpoint is not null && ((i + 1) % session.CheckpointEvery == 0 || i + 1 == options.Iterations || HasConverged(history, options)))
            {
                session.Checkpoint(new BoostingCheckpoint(fingerprint, run.Model(i + 1), [.. history]));
            }
        }

        int keep = options.EarlyStoppingRounds > 0 && watch is not null ? Best(history) : history.Count;
        return new BoostingResult(run.Model(keep), keep, history);
    }

    private static bool HasConverged(List<BoostingProgress> history, BoostingOptions options) =>
        options.EarlyStoppingRounds > 0 && history.Count > 0 && history[0].ValidationLoss is not null
        && history.Count - Best(history) >= options.EarlyStoppingRounds;

    /// <summary>Iterations up to the first smallest validation loss.</summary>
    private static int Best(List<BoostingProgress> history)
    {
        int best = 0;
        for (int i = 1; i < history.Count; i++)
        {
            if (history[i].ValidationLoss < history[best].ValidationLoss)
            {
                best = i;
            }
        }

        return best + 1;
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
            _weights = BoostingShard.EffectiveWeights(set, options.ClassWeights);
            _raw = new double[set.Rows * start.Width];
            for (int i = 0; i < _raw.Length; i++)
            {
                _raw[i] = start.BaseScores[i % start.Width];
            }
        }

        public double Add(IEnumerable<DecisionTree> trees)
        {
            new TreeScorer([.. trees], _set.X.Features).Add(_set.X, 0, _set.Rows, _loss.Width, _raw);
            double sum = 0;
            double total = 0;
            for (int i = 0; i < _set.Rows; i++)
            {
                double weight = _weights is null ? 1 : _weights[i];
                sum += weight * _loss.Value(_set.Y[i], _raw.AsSpan(i * _loss.Width, _loss.Width));
                total += weight;
            }

            return sum / total;
        }
    }
}
