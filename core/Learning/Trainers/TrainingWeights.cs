using Mlops.Core.Data;

namespace Mlops.Core.Learning.Trainers;

/// <summary>How much each training row counts: its own weight, times the factor of its class.</summary>
internal static class TrainingWeights
{
    /// <summary>The setting of trainers that can make every class count the same.</summary>
    public const string Balanced = "balanced";

    /// <summary>The rows that count: a weight of 0 leaves a row out, of the features and of every count of rows too.</summary>
    /// <exception cref="ArgumentException">A weight is none, or all are 0.</exception>
    public static DataTable Counted(DataTable rows, LearningTask task)
    {
        if (task.WeightsOf(rows) is not { } column)
        {
            return rows;
        }

        double[] weights = RowWeights.Of(column, [.. Enumerable.Range(0, rows.RowCount)]);
        int[] counted = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0)];
        return counted.Length == weights.Length ? rows
            : counted.Length > 0 ? rows.Take(counted)
            : throw new ArgumentException($"Weight '{column.Name}': all {weights.Length} rows weigh 0; expected at least one that counts.", nameof(rows));
    }

    /// <summary>The weights of <see cref="Counted"/> rows, or null when all are 1.</summary>
    /// <remarks>A row of weight 2 counts as two. Weights whose mean is below 1, such as shares of 1, are raised to a mean of 1: taken as counts they would be less than one row beside the priors and
    /// least weights of the trainers.</remarks>
    public static double[]? Own(DataTable rows, LearningTask task)
    {
        if (task.WeightsOf(rows) is not { } column)
        {
            return null;
        }

        double[] weights = RowWeights.Of(column, [.. Enumerable.Range(0, rows.RowCount)]);
        double mean = weights.Average();
        return mean < 1 ? [.. weights.Select(weight => weight / mean)] : weights;
    }

    /// <summary>One weight per row, or null when all are 1.</summary>
    /// <param name="rows">The rows with an answer that count.</param>
    /// <param name="task">Names the column of weights and the factors of the classes.</param>
    /// <param name="classes">Per row its class; empty for regression.</param>
    /// <param name="settings">Says whether classes are balanced: then every class has the same total weight, before the task's own factors.</param>
    public static float[]? Of(DataTable rows, LearningTask task, int[] classes, TrainerSettings settings)
    {
        bool balanced = classes.Length > 0 && settings.Has(Balanced) && settings.Whole(Balanced) == 1;
        bool factors = classes.Length > 0 && task.ClassWeights is { Count: > 0 };
        if (task.Weight is null && !balanced && !factors)
        {
            return null;
        }

        double[] own = Own(rows, task) ?? [.. Enumerable.Repeat(1.0, rows.RowCount)];
        double[] factor = balanced ? ClassBalance.Weights(classes, own, task.Classes.Count) : [.. task.Classes.Select(_ => 1.0)];
        for (int c = 0; factors && c < factor.Length; c++)
        {
            factor[c] *= task.ClassWeights!.GetValueOrDefault(task.Classes[c], 1);
        }

        return [.. own.Select((weight, i) => (float)(weight * (classes.Length > 0 ? factor[classes[i]] : 1)))];
    }
}
