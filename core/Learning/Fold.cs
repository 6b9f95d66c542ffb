using Mlops.Core.Data;

namespace Mlops.Core.Learning;

/// <summary>Which rows train and which measure when one fold of a cross-validation is held back.</summary>
internal static class Fold
{
    /// <summary>The rows to train on and the rows to measure on, those with an answer; either may be empty.</summary>
    /// <remarks>Rows: all other folds train. Forecasts: folds follow each other in time (<see cref="Forecasting.ForecastSplit"/>), and only what was known before the
    /// fold's first forecast was made trains, so that a fold before which nothing was known measures nothing.</remarks>
    public static (int[] Train, int[] Test) Of(DataTable rows, LearningTask task, int[] foldOfRow, int fold)
    {
        bool HasAnswer(int i) => task.Kind == TaskKind.Anomaly || !rows[task.Target].IsMissing(i);
        int[] test = [.. Enumerable.Range(0, foldOfRow.Length).Where(i => foldOfRow[i] == fold && HasAnswer(i))];
        int[] train = [.. Enumerable.Range(0, foldOfRow.Length).Where(i => foldOfRow[i] >= 0 && foldOfRow[i] != fold)];
        if (task.Forecast is not { } forecast || test.Length == 0)
        {
            return (train, test);
        }

        double[] times = ((NumericColumn)rows[forecast.Time]).Values.ToArray();
        ReadOnlySpan<double> origins = ((NumericColumn)rows[forecast.Origin]).Values;
        double first = double.PositiveInfinity;
        foreach (int i in test)
        {
            first = Math.Min(first, origins[i]);
        }

        return ([.. train.Where(i => times[i] <= first)], test);
    }
}
