using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Configuration;

/// <summary>Checks what the training settings say about columns and classes against the data.</summary>
internal static class TrainingColumns
{
    /// <summary>What is wrong with the weights of the given rows; null when nothing is, or when no column of weights is named.</summary>
    public static DataProblem? CheckWeights(DataTable table, ModelConfiguration configuration, IReadOnlyList<int> rows)
    {
        if (configuration.Training.Weight is not { } name)
        {
            return null;
        }

        DataProblem Block(string found, string expected, string remedy) => new(null, name, found, expected, remedy, Severity.Block);
        if (!table.TryGet(name, out Column? column))
        {
            return Block("no such column", "the weights that model.yaml names as training.weight", "Add the column to the data, or correct 'training.weight' in model.yaml.");
        }

        if (column is not NumericColumn { Kind: ColumnKind.Number or ColumnKind.Integer } numbers)
        {
            return Block($"weights of kind {column.Kind}", "numbers", "Correct 'training.weight' in model.yaml.");
        }

        int[] wrong = [.. rows.Where(row => !RowWeights.IsValid(column, row))];
        if (wrong.Length > 0)
        {
            return Block($"{wrong.Length:N0} of {rows.Count:N0} rows without a usable weight (first: row {wrong[0] + 1}, '{Excerpt.Of(column.Text(wrong[0]) ?? "nothing")}')", "a number ≥ 0 in every row", "Correct the weights; 0 leaves a row out.");
        }

        return rows.Count > 0 && rows.All(row => numbers.Values[row] == 0) ? Block("only weights of 0", "at least one row that counts", "Correct the weights.") : null;
    }

    /// <summary>The task with the weights, class weights and directions of the configuration; problems when they do not fit.</summary>
    public static LearningTask Apply(LearningTask task, DataTable table, ModelConfiguration configuration, List<DataProblem> problems)
    {
        void Block(string? column, string found, string expected, string remedy) => problems.Add(new DataProblem(null, column, found, expected, remedy, Severity.Block));
        TrainingOptions options = configuration.Training;
        foreach (string unknown in options.ClassWeights.Keys.Except(task.Classes, StringComparer.Ordinal))
        {
            Block(task.Target, task.Classifies ? $"no class '{Excerpt.Of(unknown)}'" : $"a class '{Excerpt.Of(unknown)}' for a regression", $"classes of the target ({string.Join(", ", task.Classes.Take(20).Select(c => $"'{Excerpt.Of(c)}'"))}) in training.classWeights", "Correct 'training.classWeights' in model.yaml.");
        }

        foreach (string name in configuration.Gates.Fairness.Keys)
        {
            if (task.Kind != TaskKind.Binary || !table.TryGet(name, out _))
            {
                Block(name, task.Kind != TaskKind.Binary ? "gates.fairness for what has not two classes" : "no such column", "two classes, and columns of the data whose groups are compared", "Correct 'gates.fairness' in model.yaml.");
            }
        }

        Dictionary<string, Direction> monotone = new(StringComparer.Ordinal);
        foreach ((string name, Direction direction) in options.Monotone)
        {
            if (!table.TryGet(name, out Column? column) || column is not NumericColumn { Kind: ColumnKind.Number or ColumnKind.Integer } || name == task.Target)
            {
                Block(name, column is null ? "no such column" : name == task.Target ? "the target" : $"a column of kind {column.Kind}", "a column of numbers that is predicted from, as training.monotone asks", "Correct 'training.monotone' in model.yaml.");
            }
            else if (task.Features.Contains(name))
            {
                monotone.Add(name, direction);
            }
        }

        if (task.Kind == TaskKind.MultiClass && options.Monotone.Count > 0)
        {
            Block(task.Target, $"{task.Classes.Count} classes with training.monotone", "a number, or two classes: with more it is not said whose probability moves", "Remove 'training.monotone' from model.yaml.");
        }

        return task with
        {
            Weight = options.Weight,
            ClassWeights = options.ClassWeights.Count > 0 ? options.ClassWeights : null,
            Monotone = monotone.Count > 0 ? monotone : null,
        };
    }
}
