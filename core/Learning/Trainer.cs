using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Features;
using Mlops.Core.Learning.Calibration;
using Mlops.Core.Learning.Trainers;

namespace Mlops.Core.Learning;

/// <summary>Trains candidates: the features are fitted and the model is trained as one.</summary>
public static class Trainer
{
    /// <summary>More classes than this are not target-encoded: the features would outnumber everything else.</summary>
    private const int MaxTargetEncodedClasses = 10;

    private const int CalibrationFolds = 5;

    /// <summary>Fewer rows than this are not calibrated: every fold needs some.</summary>
    private const int MinRowsToCalibrate = 50;

    /// <summary>Trains once per fold on the other folds' rows and measures on its own.</summary>
    /// <param name="train">The rows, target included; rows whose target is missing are left out.</param>
    /// <param name="task">What is to be learned.</param>
    /// <param name="spec">How.</param>
    /// <param name="foldOfRow">Per row its fold, 0 … folds − 1; a negative one leaves the row out.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="progress">Told the metrics of every fold, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <param name="threads">Threads at most, ≥ 1; the result does not depend on it.</param>
    /// <remarks>A class that the rows of other folds lack is predicted with what probability the trainer gives it, which the log loss
    /// punishes; metrics that a fold does not define (ROC AUC with one class) are NaN there and left out of the mean.</remarks>
    /// <exception cref="ArgumentException">The candidate is not well-formed, the folds do not fit, or the target has a value that the task does not know.</exception>
    public static CrossValidation CrossValidate(
        DataTable train,
        LearningTask task,
        CandidateSpec spec,
        ReadOnlySpan<int> foldOfRow,
        ulong seed,
        IProgress<MetricPoint>? progress = null,
        CancellationToken cancellationToken = default,
        int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(task);
        if (foldOfRow.Length != train.RowCount)
        {
            throw new ArgumentException($"{foldOfRow.Length} folds are given for {train.RowCount} rows; expected one per row.", nameof(foldOfRow));
        }

        int[] folds = foldOfRow.ToArray();
        int count = folds.Length == 0 ? 0 : folds.Max() + 1;
        if (count < 2)
        {
            throw new ArgumentException($"Found {Math.Max(count, 0)} fold(s), expected at least 2: 0, 1, ….", nameof(foldOfRow));
        }

        List<FoldResult> results = [];
        for (int fold = 0; fold < count; fold++)
        {
            if (MeasureFold(train, task, spec, folds, fold, seed, null, cancellationToken, threads) is not { } result)
            {
                continue;
            }

            results.Add(result);
            foreach ((string name, double value) in result.Metrics)
            {
                progress?.Report(new MetricPoint(name, fold + 1, value));
            }
        }

        return CrossValidation.Of(task, results);
    }

    /// <summary>Trains on the rows of all other folds and measures on those of one: a step of <see cref="CrossValidate"/>, for who keeps what is done after each. Null when no row of the fold has an answer, or nothing was known before it.</summary>
    /// <param name="train">The rows, target included; rows whose target is missing are left out.</param>
    /// <param name="task">What is to be learned.</param>
    /// <param name="spec">How.</param>
    /// <param name="foldOfRow">Per row its fold; a negative one leaves the row out.</param>
    /// <param name="fold">The fold to measure.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="checkpoints">Where to go on from, and where to keep what is done; or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <param name="threads">Threads at most, ≥ 1; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">The candidate is not well-formed, the folds do not fit, or the target has a value that the task does not know.</exception>
    public static FoldResult? MeasureFold(
        DataTable train,
        LearningTask task,
        CandidateSpec spec,
        ReadOnlySpan<int> foldOfRow,
        int fold,
        ulong seed,
        TrainingCheckpoints? checkpoints = null,
        CancellationToken cancellationToken = default,
        int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(task);
        int[] folds = foldOfRow.ToArray();
        (int[] others, int[] own) = Fold.Of(train, task, folds, fold);
        if (own.Length == 0 || others.Length == 0)
        {
            return null;
        }

        FittedModel model = Fit(train.Take(others), task, spec, seed, null, cancellationToken, threads, checkpoints);
        DataTable test = SyntheticAnomalies.AddTo(train.Take(own), task, seed + (ulong)fold);
        return new FoldResult(fold, own.Length, Metrics.Of(task, test[task.Target], model.Predict(test), null, task.WeightsOf(test)));
    }

    /// <summary>Fits features and model on all rows whose target is known.</summary>
    /// <param name="train">The rows, target included; rows whose target is missing are left out.</param>
    /// <param name="task">What is to be learned.</param>
    /// <param name="spec">How.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="progress">Told losses and scores as training goes on, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <param name="threads">Threads at most, ≥ 1; the result does not depend on it.</param>
    /// <param name="checkpoints">Where to go on from, and where to keep what is done; or null.</param>
    /// <exception cref="ArgumentException">The candidate is not well-formed, no row has a target, or the target has a value that the task does not know.</exception>
    public static FittedModel Fit(
        DataTable train,
        LearningTask task,
        CandidateSpec spec,
        ulong seed,
        IProgress<MetricPoint>? progress = null,
        CancellationToken cancellationToken = default,
        int threads = 1,
        TrainingCheckpoints? checkpoints = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Require(task, spec);

        // 1. Rows that count and have an answer, and what is to be learned of them.
        (DataTable known, int[] classes, float[] answers) = Answers(TrainingWeights.Counted(train, task), task);

        // 2. Features. Without any, or with nothing to tell apart, the baseline is the answer.
        TrainerKind kind = TrainerKind.Of(spec);
        TrainerSettings settings = new(spec, kind.Parameters);
        bool learns = task.Kind == TaskKind.Anomaly || answers.AsSpan().ContainsAnyExcept(answers[0]);
        FeatureOptions? options = learns ? kind.Features(settings) : null;
        (FeaturePipeline pipeline, FeatureMatrix features) = options is null
            ? NoFeatures(known, task)
            : PipelineFitter.Fit(known, task.Features, options, Statistics(task, answers, TrainingWeights.Own(known, task)), seed);
        if (task.Offset is { } start && !task.Features.Contains(start))
        {
            pipeline = pipeline with { Inputs = [.. pipeline.Inputs, new FeatureInput(start, known[start].Kind)] };
        }

        cancellationToken.ThrowIfCancellationRequested();

        // 3. Model.
        TrainingSet set = new(features, answers, TrainingWeights.Of(known, task, classes, settings));
        TrainingInput input = new(task, set, settings, MonotoneFeatures.Of(task, pipeline), seed, threads, progress, checkpoints);
        Scorer scorer = features.Columns == 0 ? new BaselineKind().Fit(input, cancellationToken) : kind.Fit(input, cancellationToken);

        // 4. Probabilities that mean what they say, when asked for; and from which score on a row is anomalous.
        ProbabilityCalibrator? calibrator = features.Columns > 0 && task.Classifies
            ? Calibrate(known, task, spec, classes, (CalibrationMethod)settings.Whole(FeatureParameters.Calibration), seed, threads, checkpoints, cancellationToken)
            : null;
        double? threshold = settings.Has(IsolationForestKind.Contamination) && features.Columns > 0
            ? IsolationForestKind.Threshold(scorer.Predict(features), settings[IsolationForestKind.Contamination])
            : null;
        return new FittedModel(task, spec, pipeline, scorer, FeatureImportances.ByColumn(task, pipeline, scorer.Importance(features)), calibrator, threshold);
    }

    /// <summary>The rows with an answer, the class of each (classification), and the number to learn: a class index, or an answer less the task's offset. Anomalies have no answers: zeros.</summary>
    private static (DataTable Known, int[] Classes, float[] Answers) Answers(DataTable train, LearningTask task)
    {
        if (task.Kind == TaskKind.Anomaly)
        {
            return train.RowCount > 0 ? (train, [], new float[train.RowCount]) : throw new ArgumentException("There is no row; expected at least one to learn what is ordinary.", nameof(train));
        }

        Targets targets = Targets.Of(task, train[task.Target]);
        if (targets.Rows.Length == 0)
        {
            throw new ArgumentException($"Target '{task.Target}': all {train.RowCount} values are missing; expected at least one known answer.", nameof(train));
        }

        DataTable known = targets.Rows.Length == train.RowCount ? train : train.Take(targets.Rows);
        float[]? offsets = task.Offset is { } offset ? Offsets.Of(known, offset) : null;
        return (known, targets.Classes, task.Kind == TaskKind.Regression
            ? [.. targets.Answers.Select((y, i) => (float)(y - (offsets?[i] ?? 0)))]
            : [.. targets.Classes.Select(c => (float)c)]);
    }

    /// <summary>Fits the correction on predictions for rows that the model of their fold has not seen; null when there are too few rows.</summary>
    private static ProbabilityCalibrator? Calibrate(
        DataTable known, LearningTask task, CandidateSpec spec, int[] classes, CalibrationMethod method, ulong seed, int threads, TrainingCheckpoints? checkpoints, CancellationToken cancellationToken)
    {
        if (method == CalibrationMethod.None || known.RowCount < MinRowsToCalibrate)
        {
            return null;
        }

        CandidateSpec plain = spec with { Parameters = spec.Parameters.Where(p => p.Key != FeatureParameters.Calibration).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal) };
        int[] folds = [.. Enumerable.Range(0, known.RowCount).Select(i => (int)(SeededRandom.Mix(seed + 1, (ulong)i) % CalibrationFolds))];
        float[] scores = new float[known.RowCount * task.Width];
        for (int fold = 0; fold < CalibrationFolds; fold++)
        {
            int[] own = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] == fold)];
            int[] others = [.. Enumerable.Range(0, folds.Length).Where(i => folds[i] != fold)];
            Predictions predicted = Fit(known.Take(others), task, plain, seed, null, cancellationToken, threads, checkpoints).Predict(known.Take(own));
            for (int i = 0; i < own.Length; i++)
            {
                predicted.Row(i).CopyTo(scores.AsSpan(own[i] * task.Width));
            }
        }

        Predictions outOfFold = new(scores, task.Width);
        double[] weights = TrainingWeights.Own(known, task) ?? [];
        return method == CalibrationMethod.Platt ? PlattCalibrator.Fit(outOfFold, classes, weights) : IsotonicCalibrator.Fit(outOfFold, classes, weights);
    }

    private static void Require(LearningTask task, CandidateSpec spec)
    {
        IReadOnlyList<string> errors = Candidates.Check(spec, task);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(spec));
        }

        if (task.Features.Count == 0)
        {
            throw new ArgumentException($"The task '{task.Target}' has no feature column; expected at least one column beside the target.", nameof(task));
        }

        if (task.Classifies && task.Classes.Count < 2)
        {
            throw new ArgumentException($"Target '{task.Target}' has {task.Classes.Count} class(es); expected at least 2. A constant target leaves nothing to learn.", nameof(task));
        }
    }

    private static (FeaturePipeline Pipeline, FeatureMatrix Features) NoFeatures(DataTable rows, LearningTask task) =>
        (new FeaturePipeline([.. task.Features.Select(f => new FeatureInput(f, rows[f].Kind))], []), new FeatureMatrix(rows.RowCount, [], []));

    private static TargetStatistics? Statistics(LearningTask task, float[] answers, double[]? weights) => task.Kind switch
    {
        TaskKind.Anomaly => null,
        TaskKind.Regression => new TargetStatistics([task.Target], [answers], weights),
        TaskKind.Binary => new TargetStatistics([task.Classes[1]], [answers], weights),
        _ when task.Classes.Count > MaxTargetEncodedClasses => null,
        _ => new TargetStatistics(task.Classes, [.. task.Classes.Select((_, c) => answers.Select(y => y == c ? 1f : 0f).ToArray())], weights),
    };
}
