using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>How good predictions are.</summary>
/// <remarks>
/// Classification: <c>logLoss</c> (nats; probabilities below 10⁻¹⁵ count as that), <c>accuracy</c>, <c>balancedAccuracy</c> (mean recall of the classes that occur),
/// <c>rocAuc</c> and <c>prAuc</c> (average precision; more than two classes: mean of each against the rest), <c>f1</c> (two classes, of the second),
/// <c>f1Macro</c>, <c>f1Weighted</c>, <c>mcc</c>, <c>brier</c> (two classes: of the second; else summed over classes),
/// <c>calibrationError</c> (15 equal bins; two classes: probability of the second, else of the predicted one).
/// Anomalies: <c>rocAuc</c> and <c>prAuc</c> of the score.
/// Regression: <c>rmse</c>, <c>mae</c>, <c>pinball</c> (where a quantile is asked for; half the <c>mae</c> for 0.5), <c>mape</c> (a fraction; rows whose answer is 0 are left out), <c>r2</c>.
/// Definitions are those of scikit-learn where it has the metric.
/// </remarks>
public static class Metrics
{
    /// <summary>All metrics of the task, by name; rows whose target is missing are left out, and a metric that is not defined for the rows is NaN.</summary>
    /// <param name="task">What is predicted.</param>
    /// <param name="target">The answers.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="threshold">Two classes: the probability of the second from which on it counts as predicted; null for the likelier one.</param>
    /// <param name="weights">How much each row counts; null for 1 each.</param>
    /// <exception cref="ArgumentException">Predictions do not fit the target, the target does not fit the task, or a weight is missing or negative.</exception>
    public static IReadOnlyDictionary<string, double> Of(LearningTask task, Column target, Predictions predictions, double? threshold = null, Column? weights = null)
    {
        ScoredRows rows = ScoredRows.Of(task, target, predictions, threshold, weights);
        return Metric.All.Where(m => m.Applies(task)).ToDictionary(m => m.Name, m => m.Of(rows).Value(rows.Weights), StringComparer.Ordinal);
    }

    /// <summary>The names of all metrics, whatever the task, in the order of reports.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Metric.All.Select(m => m.Name)];

    /// <summary>The names of the metrics of a task.</summary>
    public static IReadOnlyList<string> Names(LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return [.. Metric.All.Where(m => m.Applies(task)).Select(m => m.Name)];
    }

    /// <summary>The metric that decides when none is named: <c>logLoss</c> for classification, <c>rocAuc</c> for anomalies; for regression <c>rmse</c>, for the median <c>mae</c>, for another quantile <c>pinball</c>.</summary>
    public static string Primary(LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task switch
        {
            { Kind: TaskKind.Anomaly } => "rocAuc",
            { Classifies: true } => "logLoss",
            { Quantile: null } => "rmse",
            { Quantile: 0.5 } => "mae",
            _ => "pinball",
        };
    }

    /// <summary>Whether more is better.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public static bool HigherIsBetter(string metric) => Metric.Named(metric).HigherIsBetter;
}
