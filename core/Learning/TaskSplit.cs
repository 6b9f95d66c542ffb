using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning.Forecasting;

namespace Mlops.Core.Learning;

/// <summary>The rows of a task, divided the same way whoever asks.</summary>
public static class TaskSplit
{
    /// <summary>Rows to learn from, with their folds, and rows to compare models on.</summary>
    /// <param name="rows">The rows that can be learned from.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="rule">Which rows are held out.</param>
    /// <param name="folds">Folds of the cross-validation, ≥ 2.</param>
    /// <param name="seed">Seed of the folds.</param>
    /// <remarks>Rows are divided by their content (<see cref="StableSplit"/>): one that was held out once is held out for ever. Forecasts are divided by time (<see cref="ForecastSplit"/>):
    /// the newest are held out, and the cut moves on with the data. The hold-out of an anomaly task has its synthetic anomalies with it.</remarks>
    public static (DataTable Train, DataTable Holdout, int[] Folds) Of(DataTable rows, LearningTask task, SplitRule rule, int folds, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(rule);
        if (task.Forecast is { } forecast)
        {
            DataTable frame = ForecastFrame.Of(rows, forecast);
            (int[] past, int[] recent, int[] foldOfRow) = ForecastSplit.Of(frame, forecast, rule.Holdout, folds);
            return (frame.Take(past), frame.Take(recent), foldOfRow);
        }

        ulong[] hashes = RowHash.Of(new DataTable([.. rows.Columns.Where(column => rule.Columns.Contains(column.Name))]));
        (int[] train, int[] holdout) = StableSplit.By(hashes, rule.Holdout, rule.Seed);
        return (rows.Take(train), SyntheticAnomalies.AddTo(rows.Take(holdout), task, rule.Seed), StableSplit.Folds([.. train.Select(row => hashes[row])], folds, seed));
    }
}
