using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Rows that judge a detector of anomalies without labels: beside every row of the data a copy of it with some values replaced.</summary>
/// <remarks>
/// A third of the columns, drawn per row, gets a value that is uniform over the column's range, widened by a tenth on both sides, or over its categories. A detector
/// is as good as it ranks the copies above the rows (ROC AUC). With all columns replaced this is the area under the mass-volume curve (S. Clémençon and J. Jakubowicz,
/// "Scoring anomalies: a M-estimation formulation", 2013; N. Goix, "How to Evaluate the Quality of Unsupervised Anomaly Detection Algorithms?", 2016), which many columns
/// make too easy to tell detectors apart. A few replaced copies look ordinary, so even the best detector stays below 1.
/// </remarks>
public static class SyntheticAnomalies
{
    /// <summary>The label of rows of the data.</summary>
    public const string Ordinary = "ordinary";

    /// <summary>The label of what is unusual.</summary>
    public const string Anomalous = "anomalous";

    private const double Replaced = 1.0 / 3;
    private const double Margin = 0.1;

    /// <summary>The rows followed by their copies, with the task's target saying which is which; the table as it is for every other kind of task.</summary>
    /// <param name="rows">Rows of the data.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="seed">Decides what is replaced by what.</param>
    public static DataTable AddTo(DataTable rows, LearningTask task, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(task);
        if (task.Kind != TaskKind.Anomaly)
        {
            return rows;
        }

        int n = rows.RowCount;
        Column[] columns = [.. task.Features.Select(name => rows[name])];
        bool[][] replaced = Choose(columns, n, seed);
        List<Column> both = [.. columns.Select((column, j) => Extend(column, replaced[j], SeededRandom.Mix(seed, (ulong)j + 1)))];
        both.Add(TextColumn.From(task.Target, Enumerable.Range(0, 2 * n).Select(i => i < n ? Ordinary : Anomalous)));
        return new DataTable(both);
    }

    /// <summary>Per column and row whether the copy gets another value: at least one column per row, of those that vary.</summary>
    private static bool[][] Choose(Column[] columns, int rows, ulong seed)
    {
        bool[][] replaced = [.. columns.Select(_ => new bool[rows])];
        int[] varying = [.. Enumerable.Range(0, columns.Length).Where(j => Varies(columns[j]))];
        int many = Math.Min(varying.Length, (int)Math.Ceiling(varying.Length * Replaced));
        SeededRandom random = new(SeededRandom.Mix(seed, 0));
        for (int i = 0; i < rows; i++)
        {
            random.Shuffle(varying.AsSpan());
            foreach (int j in varying.AsSpan(0, many))
            {
                replaced[j][i] = true;
            }
        }

        return replaced;
    }

    private static bool Varies(Column column)
    {
        string? first = null;
        for (int i = 0; i < column.Count; i++)
        {
            if (column.Text(i) is { } text && (first ??= text) != text)
            {
                return true;
            }
        }

        return false;
    }

    private static Column Extend(Column column, bool[] replaced, ulong seed)
    {
        SeededRandom random = new(seed);
        if (column is TextColumn text)
        {
            int[] present = [.. text.Codes.ToArray().Where(code => code >= 0).Distinct().Order()];
            return new TextColumn(text.Name, [.. text.Codes, .. text.Codes.ToArray().Select((code, i) => replaced[i] ? present[random.Next(present.Length)] : code)], [.. text.Dictionary]);
        }

        NumericColumn numbers = (NumericColumn)column;
        double[] values = numbers.Values.ToArray();
        double minimum = values.Where(double.IsFinite).DefaultIfEmpty(0).Min();
        double maximum = values.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        double low = minimum - (Margin * (maximum - minimum));
        double high = maximum + (Margin * (maximum - minimum));
        double Draw()
        {
            double value = low + (random.NextDouble() * (high - low));
            return numbers.Kind == ColumnKind.Number ? value : Math.Round(value);
        }

        return new NumericColumn(numbers.Name, [.. values, .. values.Select((value, i) => replaced[i] ? Draw() : value)], numbers.Kind);
    }
}
