using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>What lies behind a model's metrics on the hold-out; small enough for a page, whatever the data.</summary>
/// <param name="Intervals">Every metric with the interval that holds its true value 95 times in 100.</param>
/// <param name="Confusion">Per true class (in the task's order) the weight of its rows by predicted class; empty for numbers, anomalies and more than <see cref="MaximumClasses"/> classes.</param>
/// <param name="Calibration">Two classes: the predicted probability of the second beside its share.</param>
/// <param name="Lift">Two classes: how many of the second one finds by looking at the highest scores first.</param>
public sealed record HoldoutDiagnostics(
    IReadOnlyList<MetricInterval> Intervals,
    IReadOnlyList<IReadOnlyList<double>> Confusion,
    IReadOnlyList<CalibrationBin> Calibration,
    IReadOnlyList<LiftPart> Lift)
{
    /// <summary>Classes of a confusion matrix at most.</summary>
    public const int MaximumClasses = 50;

    /// <summary>The classes in the order of <see cref="Confusion"/> and of a model's scores; empty where there are none, and in reports of versions that did not write them.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    // What the bootstrap may cost: rows drawn per metric. Many rows need few resamples.
    private const long DrawBudget = 20_000_000;

    /// <summary>Looks behind the metrics of some predictions.</summary>
    /// <param name="task">What is predicted.</param>
    /// <param name="holdout">The rows with their answers.</param>
    /// <param name="predictions">The predictions for these rows.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    public static HoldoutDiagnostics Of(LearningTask task, HoldoutRows holdout, Predictions predictions, ulong seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(holdout);
        int resamples = (int)Math.Clamp(DrawBudget / Math.Max(1, holdout.Target.Count), 100, 1000);
        bool binary = task.Kind == TaskKind.Binary;
        return new HoldoutDiagnostics(
            [.. Metrics.Names(task).Select(name => MetricIntervals.Of(task, holdout, predictions, name, seed, 0.95, resamples, cancellationToken))],
            task.Classifies && task.Classes.Count <= MaximumClasses ? Cells(ConfusionMatrix.Of(task, holdout.Target, predictions, null, holdout.Weights)) : [],
            binary ? CalibrationCurve.Of(task, holdout.Target, predictions, 1, weights: holdout.Weights) : [],
            binary ? LiftCurve.Of(task, holdout.Target, predictions, 1, weights: holdout.Weights) : [])
        {
            Classes = task.Classifies && task.Classes.Count <= MaximumClasses ? task.Classes : [],
        };
    }

    private static IReadOnlyList<IReadOnlyList<double>> Cells(ConfusionMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.Classes).Select(truth => (IReadOnlyList<double>)[.. Enumerable.Range(0, matrix.Classes).Select(predicted => matrix[truth, predicted])])];
}
