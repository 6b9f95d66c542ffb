using Mlops.Core.Data;

namespace Mlops.Core.Learning.Forecasting;

/// <summary>Divides the rows of a <see cref="ForecastFrame"/> by time, so that nothing is learned from what a forecast could not have known.</summary>
public static class ForecastSplit
{
    /// <summary>The newest part for the comparison with the champion, the rest for training in rolling folds.</summary>
    /// <param name="frame">The rows.</param>
    /// <param name="plan">How they were made.</param>
    /// <param name="holdout">Fraction of the times that is held out, inside (0, 1).</param>
    /// <param name="folds">Folds that are measured, ≥ 2.</param>
    /// <returns>
    /// Training rows: forecast times before the cut. Hold-out rows: made from the last time before the cut on, so that all they forecast lies after it. The fold of each training row is the part of the
    /// training time in which it was made: rows train for the folds after them (<see cref="Fold"/>), so the first part is only learned from and bears the number <paramref name="folds"/>; the others are 0, 1, ….
    /// </returns>
    public static (int[] Train, int[] Holdout, int[] Folds) Of(DataTable frame, ForecastPlan plan, double holdout, int folds)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(plan);
        double[] times = Values(frame, plan.Time);
        double[] origins = Values(frame, plan.Origin);
        double[] distinct = [.. times.Distinct().Order()];
        if (distinct.Length < 2)
        {
            return ([.. Enumerable.Range(0, times.Length)], [], new int[times.Length]);
        }

        int cut = Math.Clamp((int)(distinct.Length * (1 - holdout)), 1, distinct.Length - 1);
        int[] train = [.. Enumerable.Range(0, times.Length).Where(i => times[i] < distinct[cut])];
        int[] held = [.. Enumerable.Range(0, times.Length).Where(i => origins[i] >= distinct[cut - 1])];
        double[] made = [.. train.Select(i => origins[i]).Distinct().Order()];
        return (train, held, [.. train.Select(i => ((int)((long)Array.BinarySearch(made, origins[i]) * (folds + 1) / made.Length) + folds) % (folds + 1))]);
    }

    /// <summary>Numbers stretches of <see cref="ForecastPlan.Horizon"/> steps, 0, 1, …: forecasts that were made in different stretches share few errors, those within one share most.</summary>
    public static int[] Blocks(DataTable frame, ForecastPlan plan)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(plan);
        double[] origins = Values(frame, plan.Origin);
        double[] made = [.. origins.Distinct().Order()];
        return [.. origins.Select(origin => Array.BinarySearch(made, origin) / plan.Horizon)];
    }

    private static double[] Values(DataTable frame, string column) => ((NumericColumn)frame[column]).Values.ToArray();
}
