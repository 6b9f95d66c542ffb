using Mlops.Core.Data;
using Mlops.Core.Statistics.Gates;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Joint drift: can a classifier tell rows of the window from rows of the reference?</summary>
/// <remarks>Lopez-Paz and Oquab (2017), with the AUC of a held-out half instead of accuracy. Logistic regression on standardised numbers, their squares and pairwise products (the first 10 columns), and
/// frequent categories, so changed correlations show although every column looks the same. p-value by Mann–Whitney on the held-out scores, exact in level because training never saw those rows.
/// O(rows · features · 30).</remarks>
public static class ClassifierTwoSample
{
    private const int Iterations = 30;
    private const int ProductColumns = 10;
    private const int Categories = 10;

    /// <summary>Held-out AUC (0.5: no difference), its 95 % interval, and the p-value. Fewer than 20 rows in a table: NaN.</summary>
    public static (double Auc, double Lower, double Upper, double PValue) Test(DataTable reference, DataTable window, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(window);
        if (reference.RowCount < 20 || window.RowCount < 20)
        {
            return (double.NaN, double.NaN, double.NaN, double.NaN);
        }

        int[] order = [.. Enumerable.Range(0, reference.RowCount + window.RowCount)];
        new Random(seed).Shuffle(order);
        return Test(reference, window, order);
    }

    /// <summary>The same with the rows in a given order: the first half trains, the second judges.</summary>
    internal static (double Auc, double Lower, double Upper, double PValue) Test(DataTable reference, DataTable window, int[] order)
    {
        double[][] rows = Features(reference, window);
        int half = order.Length / 2;
        double[] weights = Train(rows, order.AsSpan(0, half), reference.RowCount, window.RowCount);
        double[] scores = [.. order.Skip(half).Select(i => Score(weights, rows[i]))];
        bool[] isWindow = [.. order.Skip(half).Select(i => i >= reference.RowCount)];
        double[] first = [.. scores.Where((_, i) => isWindow[i])], second = [.. scores.Where((_, i) => !isWindow[i])];
        (double auc, double error) = DeLong.Auc(scores, isWindow);
        return (auc, auc - 1.959963984540054 * error, auc + 1.959963984540054 * error, MannWhitney.Test(first, second, Alternative.Greater).PValue);
    }

    private static double[][] Features(DataTable reference, DataTable window)
    {
        List<double[]> features = [];
        List<double[]> numbers = [];
        foreach (Column column in reference.Columns)
        {
            if (!window.TryGet(column.Name, out Column? other) || (other.Kind == ColumnKind.Text) != (column.Kind == ColumnKind.Text))
            {
                continue;
            }

            if (column is NumericColumn number)
            {
                double[] joint = [.. number.Values, .. ((NumericColumn)other).Values];
                features.Add([.. joint.Select(x => double.IsNaN(x) ? 1.0 : 0.0)]);
                numbers.Add(Standardise(joint));
            }
            else
            {
                string?[] joint = [.. Enumerable.Range(0, column.Count).Select(column.Text), .. Enumerable.Range(0, other.Count).Select(other.Text)];
                foreach (string? level in joint.GroupBy(t => t, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(Categories).Select(g => g.Key))
                {
                    features.Add([.. joint.Select(t => t == level ? 1.0 : 0.0)]);
                }
            }
        }

        features.AddRange(numbers);
        for (int a = 0; a < Math.Min(numbers.Count, ProductColumns); a++)
        {
            for (int b = 0; b <= a; b++)
            {
                features.Add(Standardise([.. numbers[a].Zip(numbers[b], (x, y) => x * y)]));
            }
        }

        return [.. Enumerable.Range(0, reference.RowCount + window.RowCount).Select(i => features.Select(f => f[i]).Append(1).ToArray())];
    }

    /// <summary>Zero mean, unit variance, clipped at ±5 so that heavy tails do not steer; missing is the mean.</summary>
    private static double[] Standardise(double[] values)
    {
        Sketches.Moments moments = Sketches.Moments.Of(values);
        double deviation = moments.StandardDeviation > 0 ? moments.StandardDeviation : 1;
        return [.. values.Select(x => double.IsNaN(x) ? 0 : Math.Clamp((x - moments.Mean) / deviation, -5, 5))];
    }

    /// <summary>Full-batch gradient descent with momentum, both classes weighing half; regularised by stopping early.</summary>
    private static double[] Train(double[][] rows, ReadOnlySpan<int> train, int first, int second)
    {
        double[] weights = new double[rows[0].Length], velocity = new double[weights.Length], gradient = new double[weights.Length];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Array.Clear(gradient);
            foreach (int i in train)
            {
                bool isWindow = i >= first;
                double error = 1 / (1 + Math.Exp(-Score(weights, rows[i]))) - (isWindow ? 1 : 0), scale = error / (isWindow ? second : first);
                for (int f = 0; f < gradient.Length; f++)
                {
                    gradient[f] += scale * rows[i][f];
                }
            }

            for (int f = 0; f < weights.Length; f++)
            {
                velocity[f] = 0.8 * velocity[f] - 0.5 * gradient[f];
                weights[f] += velocity[f];
            }
        }

        return weights;
    }

    private static double Score(double[] weights, double[] row)
    {
        double score = 0;
        for (int f = 0; f < row.Length; f++)
        {
            score += weights[f] * row[f];
        }

        return score;
    }
}
