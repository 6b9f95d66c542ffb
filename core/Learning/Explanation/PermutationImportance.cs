using Mlops.Core.Data;
using Mlops.Core.Evaluation;

namespace Mlops.Core.Learning.Explanation;

/// <summary>Permutation importance (L. Breiman 2001), for any model: what a metric loses when one column is shuffled over the rows.</summary>
/// <remarks>Use rows that the model was not trained on. Columns that say the same share their importance out: shuffling one leaves the other.
/// O(columns × repeats × cost of predicting).</remarks>
public static class PermutationImportance
{
    /// <summary>The effect of columns, largest first.</summary>
    /// <param name="task">What is predicted.</param>
    /// <param name="predict">The model.</param>
    /// <param name="rows">Rows with the features and the target.</param>
    /// <param name="seed">Seed of the shuffles.</param>
    /// <param name="repeats">Shuffles per column, 1 … 100.</param>
    /// <param name="metric">The metric; null for the task's primary one.</param>
    /// <param name="columns">The columns; null for all features.</param>
    /// <param name="cancellationToken">Stops between shuffles.</param>
    public static IReadOnlyList<PermutationEffect> Of(
        LearningTask task,
        Func<DataTable, Predictions> predict,
        DataTable rows,
        ulong seed,
        int repeats = 5,
        string? metric = null,
        IReadOnlyList<string>? columns = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(repeats, 100);
        metric ??= Metrics.Primary(task);
        double sign = Metrics.HigherIsBetter(metric) ? 1 : -1;
        double Value(DataTable table) => Metrics.Of(task, rows[task.Target], predict(table), null, task.WeightsOf(rows))[metric];
        double whole = Value(rows);
        columns ??= task.Features;
        List<PermutationEffect> effects = [];
        for (int j = 0; j < columns.Count; j++)
        {
            SeededRandom random = new(SeededRandom.Mix(seed, (ulong)j));
            double[] losses = new double[repeats];
            for (int r = 0; r < repeats; r++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int[] order = [.. Enumerable.Range(0, rows.RowCount)];
                random.Shuffle<int>(order);
                losses[r] = sign * (whole - Value(Replace(rows, rows[columns[j]].Take(order))));
            }

            double mean = losses.Average();
            effects.Add(new PermutationEffect(columns[j], mean, Math.Sqrt(losses.Sum(l => (l - mean) * (l - mean)) / repeats)));
        }

        return [.. effects.OrderByDescending(e => e.Loss).ThenBy(e => e.Feature, StringComparer.Ordinal)];
    }

    /// <summary>The table with one column exchanged for one of the same name.</summary>
    internal static DataTable Replace(DataTable rows, Column column) => new([.. rows.Columns.Select(c => c.Name == column.Name ? column : c)]);
}
