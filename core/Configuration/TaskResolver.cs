using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Configuration;

/// <summary>Decides from a table and the configuration what is to be learned.</summary>
/// <remarks>
/// Target: the configured column; else the one named target, label or y in any letter case; else the last one not ignored.
/// Task, when not configured: text, or at most two distinct values, is classification; whole numbers with at most <see cref="MaxIntegerClasses"/>
/// distinct values, each on average in at least <see cref="RowsPerIntegerClass"/> rows, too; other numbers and instants are regression.
/// Features: all other columns except ignored ones, the weight, constant ones and texts that differ in nearly every row, which identify rows instead of describing them.
/// </remarks>
public static class TaskResolver
{
    /// <summary>Whole numbers with more distinct values are a quantity, not a class.</summary>
    public const int MaxIntegerClasses = 20;

    /// <summary>Whole numbers are classes only when a value has this many rows on average.</summary>
    public const int RowsPerIntegerClass = 10;

    /// <summary>Classes a model can have.</summary>
    public const int MaxClasses = 1000;

    private const double IdentifierShare = 0.95;
    private const int IdentifierRows = 20;

    /// <summary>Chooses target, kind of task, classes, features and rows.</summary>
    public static TaskResolution Resolve(DataTable table, ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(configuration);
        TaskResolution resolution = configuration.Task switch
        {
            TaskChoice.Anomaly => AnomalyTask.Resolve(table, configuration),
            TaskChoice.Forecast => ForecastTask.Resolve(table, configuration),
            _ => ResolveTarget(table, configuration),
        };
        return TrainingObjective.Apply(resolution, configuration);
    }

    private static TaskResolution ResolveTarget(DataTable table, ModelConfiguration configuration)
    {
        List<DataProblem> problems = [];
        if (FindTarget(table, configuration, problems) is not { } target)
        {
            return new TaskResolution(null, [], 0, new Dictionary<string, string>(), problems);
        }

        int[] counts = CountValues(target, out Func<int, int> valueOf, out Func<int, string> nameOf);
        bool classify = Classifies(target, counts, configuration.Task);
        int fewest = classify ? 2 : 1;
        List<int> rows = new(table.RowCount);
        for (int row = 0; row < table.RowCount; row++)
        {
            if (valueOf(row) is var value and >= 0 && counts[value] >= fewest)
            {
                rows.Add(row);
            }
        }

        CheckTarget(target, counts, classify, nameOf, problems);
        (List<string> features, Dictionary<string, string> dropped) = ChooseFeatures(table, rows, target.Name, configuration);
        if (features.Count == 0 && rows.Count > 0)
        {
            problems.Add(NoFeature());
        }

        if (TrainingColumns.CheckWeights(table, configuration, rows) is { } wrong)
        {
            problems.Add(wrong);
        }

        LearningTask? task = problems.Exists(p => p.Severity == Severity.Block) ? null : TrainingColumns.Apply(MakeTask(target, counts, classify, nameOf, features), table, configuration, problems);
        return new TaskResolution(problems.Exists(p => p.Severity == Severity.Block) ? null : task, rows, table.RowCount - rows.Count, dropped, problems);
    }

    /// <summary>The columns to predict from, and why others are not among them.</summary>
    internal static (List<string> Features, Dictionary<string, string> Dropped) ChooseFeatures(DataTable table, List<int> rows, string target, ModelConfiguration configuration)
    {
        Dictionary<string, string> dropped = new(StringComparer.Ordinal);
        List<string> features = [];
        foreach (Column column in table.Columns.Where(c => c.Name != target))
        {
            if (WhyNot(column, rows, configuration) is { } reason)
            {
                dropped.Add(column.Name, reason);
            }
            else
            {
                features.Add(column.Name);
            }
        }

        return (features, dropped);
    }

    /// <summary>There is nothing to predict from.</summary>
    internal static DataProblem NoFeature() => new(
        null, null, "no column to predict from", "at least one column besides the target that is neither constant, nor an identifier, nor ignored", "Add columns, or shorten 'ignore' in model.yaml.", Severity.Block);

    /// <summary>The column to predict, by configuration or convention.</summary>
    internal static Column? FindTarget(DataTable table, ModelConfiguration configuration, List<DataProblem> problems)
    {
        if (configuration.Target is { } name)
        {
            if (table.TryGet(name, out Column? configured))
            {
                return configured;
            }

            problems.Add(new DataProblem(
                null,
                Excerpt.Of(name),
                $"no such column among {string.Join(", ", table.Columns.Take(20).Select(c => $"'{Excerpt.Of(c.Name)}'"))}",
                "the target that model.yaml names",
                "Add the column to the data, or correct 'target' in model.yaml.",
                Severity.Block));
            return null;
        }

        foreach (string convention in (string[])["target", "label", "y"])
        {
            if (table.Columns.FirstOrDefault(c => c.Name.Equals(convention, StringComparison.OrdinalIgnoreCase)) is { } named)
            {
                return named;
            }
        }

        Column? last = table.Columns.LastOrDefault(c => !configuration.Ignore.Contains(c.Name, StringComparer.Ordinal));
        if (last is null)
        {
            problems.Add(new DataProblem(null, null, "no column that is not ignored", "a target and at least one other column", "Shorten 'ignore' in model.yaml.", Severity.Block));
        }

        return last;
    }

    // Numbers the distinct values of a column: how many rows each has, the number of a row's value (−1 when missing), and its canonical text.
    private static int[] CountValues(Column column, out Func<int, int> valueOf, out Func<int, string> nameOf)
    {
        int[] numbers;
        if (column is TextColumn text)
        {
            numbers = text.Codes.ToArray();
            nameOf = value => text.Dictionary[value];
        }
        else
        {
            numbers = new int[column.Count];
            List<int> firstRows = [];
            Dictionary<double, int> known = [];
            ReadOnlySpan<double> values = ((NumericColumn)column).Values;
            for (int row = 0; row < numbers.Length; row++)
            {
                numbers[row] = -1;
                if (!double.IsNaN(values[row]) && !known.TryGetValue(values[row], out numbers[row]))
                {
                    known.Add(values[row], numbers[row] = firstRows.Count);
                    firstRows.Add(row);
                }
            }

            nameOf = value => column.Text(firstRows[value])!;
        }

        int[] counts = new int[numbers.Length == 0 ? 0 : numbers.Max() + 1];
        foreach (int number in numbers)
        {
            if (number >= 0)
            {
                counts[number]++;
            }
        }

        valueOf = row => numbers[row];
        return counts;
    }

    private static bool Classifies(Column target, int[] counts, TaskChoice choice)
    {
        int distinct = counts.Count(c => c > 0);
        int present = counts.Sum();
        return choice switch
        {
            TaskChoice.Classification => true,
            TaskChoice.Regression => false,
            _ => target.Kind == ColumnKind.Text || distinct <= 2
                || (target.Kind == ColumnKind.Integer && distinct <= MaxIntegerClasses && present >= distinct * RowsPerIntegerClass),
        };
    }

    private static void CheckTarget(Column target, int[] counts, bool classify, Func<int, string> nameOf, List<DataProblem> problems)
    {
        int distinct = counts.Count(c => c > 0);
        void Block(string found, string expected, string remedy) => problems.Add(new DataProblem(null, target.Name, found, expected, remedy, Severity.Block));
        if (distinct == 0)
        {
            Block("a target without any value", "a value in most rows", "Fill in the target, or name another column as 'target' in model.yaml.");
        }
        else if (distinct == 1)
        {
            Block($"the same target '{Excerpt.Of(nameOf(Array.FindIndex(counts, c => c > 0)))}' in every row", "at least two different values", "Add rows with other values: there is nothing to learn from one.");
        }
        else if (!classify)
        {
            if (target.Kind == ColumnKind.Text)
            {
                Block("a target of text for a regression", "numbers", "Correct 'task' or 'target' in model.yaml.");
            }
        }
        else if (distinct > MaxClasses)
        {
            Block($"{distinct:N0} classes", $"at most {MaxClasses:N0}", "Name another column as 'target', or set 'task: regression' in model.yaml if it is a quantity.");
        }
        else
        {
            CheckClasses(target, counts, nameOf, problems);
        }
    }

    private static void CheckClasses(Column target, int[] counts, Func<int, string> nameOf, List<DataProblem> problems)
    {
        int usable = counts.Count(c => c > 1);
        for (int value = 0; value < counts.Length; value++)
        {
            if (counts[value] == 1 && problems.Count < 20)
            {
                problems.Add(new DataProblem(null, target.Name, $"the class '{Excerpt.Of(nameOf(value))}' in one row only", "at least 2 rows of each class", "The row is left out; correct the label or add rows of that class.", Severity.Warn));
            }
        }

        if (usable < 2)
        {
            problems.Add(new DataProblem(null, target.Name, $"{usable} class{(usable == 1 ? string.Empty : "es")} with at least 2 rows", "at least two such classes", "Add rows, name another column as 'target', or set 'task: regression' in model.yaml if it is a quantity.", Severity.Block));
        }
    }

    private static LearningTask MakeTask(Column target, int[] counts, bool classify, Func<int, string> nameOf, List<string> features)
    {
        if (!classify)
        {
            return new LearningTask(TaskKind.Regression, target.Name, [], features);
        }

        string[] classes = [.. Enumerable.Range(0, counts.Length).Where(v => counts[v] > 1).Select(nameOf).Order(StringComparer.Ordinal)];
        return new LearningTask(classes.Length == 2 ? TaskKind.Binary : TaskKind.MultiClass, target.Name, classes, features);
    }

    // The reason why a column is no feature; null when it is one.
    private static string? WhyNot(Column column, List<int> rows, ModelConfiguration configuration)
    {
        if (configuration.Ignore.Contains(column.Name, StringComparer.Ordinal))
        {
            return "ignored by model.yaml";
        }

        if (column.Name == configuration.Training.Weight)
        {
            return "the weight of the rows";
        }

        (int present, int distinct) = Distinct(column, rows);
        return present == 0 ? "no value in any row"
            : distinct == 1 && present == rows.Count ? "the same value in every row"
            : column is TextColumn && present >= IdentifierRows && distinct >= IdentifierShare * present ? "a different text in nearly every row, as an identifier has"
            : null;
    }

    private static (int Present, int Distinct) Distinct(Column column, List<int> rows)
    {
        if (column is TextColumn text)
        {
            bool[] seen = new bool[text.Dictionary.Count];
            int present = 0;
            int distinct = 0;
            foreach (int row in rows)
            {
                if (text.Codes[row] is var code and >= 0)
                {
                    present++;
                    distinct += seen[code] ? 0 : 1;
                    seen[code] = true;
                }
            }

            return (present, distinct);
        }

        // For numbers it only matters whether there are two.
        ReadOnlySpan<double> values = ((NumericColumn)column).Values;
        double first = double.NaN;
        int count = 0;
        bool differs = false;
        foreach (int row in rows)
        {
            double value = values[row];
            if (!double.IsNaN(value))
            {
                count++;
                first = double.IsNaN(first) ? value : first;
                differs |= value != first;
            }
        }

        return (count, count == 0 ? 0 : differs ? 2 : 1);
    }
}
