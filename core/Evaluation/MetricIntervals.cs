using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Statistics.Gates;

namespace Mlops.Core.Evaluation;

/// <summary>Confidence intervals of metrics by seeded bootstrap over rows or blocks of them (<see cref="Bootstrap"/>).</summary>
public static class MetricIntervals
{
    /// <summary>One metric with a two-sided interval.</summary>
    /// <param name="task">What is predicted.</param>
    /// <param name="holdout">The rows with their answers, weights and blocks: rows that share their errors are drawn together.</param>
    /// <param name="predictions">The predictions for these rows.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="confidence">How often such an interval holds the true value, inside (0, 1).</param>
    /// <param name="resamples">Resamples, 100 … 100,000.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    public static MetricInterval Of(
        LearningTask task, HoldoutRows holdout, Predictions predictions, string metric, ulong seed, double confidence = 0.95, int resamples = 1000, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(holdout);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(resamples, 100_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        ScoredRows rows = ScoredRows.Of(task, holdout.Target, predictions, weights: holdout.Weights);
        WeightedMetric weighted = Metric.Named(metric, task).Of(rows);
        Draws draws = new(rows, holdout.Blocks);
        double value = weighted.Value(rows.Weights);
        (double lower, double upper) = Bootstrap.Bounds(draws.Count, counts => weighted.Value(draws.Weigh(counts)), (1 - confidence) / 2, resamples, seed, cancellationToken);
        return new MetricInterval(metric, value, lower, upper);
    }
}
