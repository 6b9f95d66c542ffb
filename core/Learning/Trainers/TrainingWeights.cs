using Mlops.Core.Data;

namespace Mlops.Core.Learning.Trainers;

/// <summary>How much each training row counts: its own weight, times the factor of its class.</summary>
internal static class TrainingWeights
{
    /// <summary>The setting of trainers that can make every class count the same.</summary>
    public const string Balanced = "balanced";

    /// <summary>The rows' own weights, or null when all are 1.</summary>
    public static double[]? Own(DataTable rows, LearningTask task) => task.WeightsOf(rows) is { } column ? RowWeights.Of(column, [.. Enumerable.Range(0, rows.RowCount)]) : null;

    /// <summary>One weight per row, or null when all are 1.</summary>
    /// <param name="rows">The rows with an answer.</param>
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
