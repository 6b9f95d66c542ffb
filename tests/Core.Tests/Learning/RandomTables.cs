using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Tests.Learning;

/// <summary>Random tables of every kind of column, with everything that goes wrong in real ones.</summary>
internal static class RandomTables
{
    public static readonly string[] WeirdNames =
        ["age", "label", "probabilities", "prediction", "a b", "a_b", "\"quoted\"", "it's", "größe", "日本", "😀", "_1", "_2", "__", "a/b:c", "A", "a", "tab\there", "N", "model"];

    /// <summary>The trainers of tables whose rows are just rows and have answers.</summary>
    public static readonly string[] Trainers = ["baseline", "linear", "boosting", "forest", "extraTrees"];

    /// <summary>A table whose target depends on the features, and its task. Every second table has missing values in every column.</summary>
    public static (DataTable Train, DataTable Test, LearningTask Task) Make(int seed, TaskKind kind, int rows = 300, int classes = 4)
    {
        Random random = new(seed);
        string[] names = [.. WeirdNames.OrderBy(_ => random.Next()).Take(3 + random.Next(8))];
        ColumnKind[] kinds = [.. names.Select((_, i) => (ColumnKind)(i % 4))];
        int[] cardinalities = [.. names.Select(_ => new[] { 2, 5, 40, 400 }[random.Next(4)])];
        double missing = seed % 2 == 0 ? 0.15 : 0;
        string[] labels = kind == TaskKind.Regression ? [] : [.. Enumerable.Range(0, kind == TaskKind.Binary ? 2 : classes).Select(c => $"class {c}")];
        DataTable Table(int count, bool unseen)
        {
            double[] signal = new double[count];
            List<Column> columns = [];
            for (int j = 0; j < names.Length; j++)
            {
                columns.Add(Column(names[j], kinds[j], cardinalities[j], count, unseen, missing, random, signal));
            }

            columns.Add(kind == TaskKind.Regression
                ? new NumericColumn("the target", [.. signal.Select(s => (s * 100) + 1000 + random.NextDouble())])
                : TextColumn.From("the target", Classes(signal, labels.Length, random).Select(c => labels[c])));
            return new DataTable(columns);
        }

        DataTable train = Table(rows, false);
        return (train, Table(200, true), new LearningTask(kind, "the target", labels, names));
    }

    /// <summary>Classes of falling frequency by the rank of signal plus noise.</summary>
    private static int[] Classes(double[] signal, int classes, Random random)
    {
        double[] noisy = [.. signal.Select(s => s + (0.3 * random.NextDouble()))];
        int[] order = [.. Enumerable.Range(0, noisy.Length).OrderBy(i => noisy[i])];
        int[] result = new int[noisy.Length];
        for (int rank = 0; rank < order.Length; rank++)
        {
            double u = (double)rank / order.Length;
            result[order[rank]] = (int)(u * u * classes);
        }

        return result;
    }

    private static Column Column(string name, ColumnKind kind, int cardinality, int rows, bool unseen, double missing, Random random, double[] signal)
    {
        double[] values = new double[rows];
        string?[] texts = new string?[rows];
        for (int i = 0; i < rows; i++)
        {
            bool absent = random.NextDouble() < missing;
            double u = random.NextDouble();
            switch (kind)
            {
                case ColumnKind.Number:
                    values[i] = absent ? double.NaN : unseen && u > 0.99 ? 1e30 : Math.Round((u - 0.5) * 10, random.Next(6));
                    break;
                case ColumnKind.Integer:
                    values[i] = absent ? double.NaN : random.Next(-50, 50) * (u > 0.98 ? 1_000_003L : 1);
                    break;
                case ColumnKind.Timestamp:
                    values[i] = absent ? double.NaN : Math.Floor(1.6e9 + (u * 1e8) - (u > 0.98 ? 4e9 : 0));
                    break;
                default:
                    int category = (int)(u * u * cardinality);
                    texts[i] = absent ? null : unseen && random.NextDouble() < 0.1 ? $"unseen {i}" : $"kätegory '{category}'";
                    u = (category * 7 % 11) / 11.0;
                    break;
            }

            signal[i] += absent ? 0.3 : u / 2;
        }

        return kind == ColumnKind.Text ? TextColumn.From(name, texts) : new NumericColumn(name, values, kind);
    }
}
