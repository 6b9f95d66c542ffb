using Mlops.Core.Data;

namespace Mlops.Core.Learning;

/// <summary>The answers of the rows that have one.</summary>
/// <param name="Rows">Per kept row its position among all rows, ascending.</param>
/// <param name="Classes">Per kept row the index of its class; empty for regression.</param>
/// <param name="Answers">Per kept row the number; empty for classification.</param>
internal sealed record Targets(int[] Rows, int[] Classes, double[] Answers)
{
    /// <summary>Reads the target column; rows where it is missing are left out.</summary>
    /// <exception cref="ArgumentException">A value is not one of the task's classes, or not a finite number.</exception>
    public static Targets Of(LearningTask task, Column target)
    {
        List<int> rows = new(target.Count);
        for (int i = 0; i < target.Count; i++)
        {
            if (!target.IsMissing(i))
            {
                rows.Add(i);
            }
        }

        return task.Kind == TaskKind.Regression
            ? new Targets([.. rows], [], [.. rows.Select(i => Number(target, i))])
            : new Targets([.. rows], ClassesOf(task, target, rows), []);
    }

    private static double Number(Column target, int row) => target is NumericColumn numbers && Math.Abs(numbers.Values[row]) <= float.MaxValue
        ? numbers.Values[row]
        : throw new ArgumentException($"Target '{target.Name}', row {row}: found '{target.Text(row)}', expected a number within ±{float.MaxValue:R} for regression. Correct the value or choose a classification task.", nameof(target));

    private static int[] ClassesOf(LearningTask task, Column target, List<int> rows)
    {
        Dictionary<string, int> index = new(StringComparer.Ordinal);
        for (int c = 0; c < task.Classes.Count; c++)
        {
            index.Add(task.Classes[c], c);
        }

        int[] classes = new int[rows.Count];
        for (int i = 0; i < classes.Length; i++)
        {
            string text = target.Text(rows[i])!;
            if (!index.TryGetValue(text, out classes[i]))
            {
                throw new ArgumentException(
                    $"Target '{target.Name}', row {rows[i]}: found '{text}', expected one of the {task.Classes.Count} classes: {string.Join(", ", task.Classes.Take(20))}. Correct the value or add the class to the task.", nameof(target));
            }
        }

        return classes;
    }
}
