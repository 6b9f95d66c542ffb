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
/// Regression: <c>rmse</c>, <c>mae</c>, <c>mape</c> (a fraction; rows whose answer is 0 are left out), <c>r2</c>.
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
        return Metric.All.Where(m => m.Applies(task.Kind)).ToDictionary(m => m.Name, m => m.Of(rows).Value(rows.Weights), StringComparer.Ordinal);
    }

    /// <summary>Mean pinball loss: what a prediction of a quantile is judged by; half the absolute error for 0.5.</summary>
    /// <param name="task">A regression task.</param>
    /// <param name="target">The answers; rows without one are left out.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="quantile">The quantile that was predicted, inside (0, 1).</param>
    public static double Pinball(LearningTask task, Column target, Predictions predictions, double quantile)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(quantile, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(quantile, 1);
        if (task.Kind != TaskKind.Regression)
        {
            throw new ArgumentException($"Pinball loss needs regression; '{task.Target}' is {task.Kind}.", nameof(task));
        }

        ScoredRows rows = ScoredRows.Of(task, target, predictions);
        double sum = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            double error = rows.Answers[i] - rows.Scores(i)[0];
            sum += rows.Weights[i] * Math.Max(quantile * error, (quantile - 1) * error);
        }

        return sum / rows.Weights.Sum();
    }

    /// <summary>The names of the metrics of a kind of task.</summary>
    public static IReadOnlyList<string> Names(TaskKind kind) => [.. Metric.All.Where(m => m.Applies(kind)).Select(m => m.Name)];

    /// <summary>The metric that decides: <c>logLoss</c> for classification, <c>rmse</c> for regression, <c>rocAuc</c> for anomalies.</summary>
    public static string Primary(TaskKind kind) => kind switch { TaskKind.Regression => "rmse", TaskKind.Anomaly => "rocAuc", _ => "logLoss" };

    /// <summary>Whether more is better.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public static bool HigherIsBetter(string metric) => Metric.Named(metric).HigherIsBetter;
}
