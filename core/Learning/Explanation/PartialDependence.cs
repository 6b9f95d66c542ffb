using Mlops.Core.Data;

namespace Mlops.Core.Learning.Explanation;

/// <summary>Partial dependence (J. Friedman 2001), for any model: the mean prediction as one column varies and all others stay as they are.</summary>
/// <remarks>Where the column is correlated with others, some of the rows that are averaged over could not occur. O(points × rows) predictions.</remarks>
public static class PartialDependence
{
    /// <summary>The curve of one column.</summary>
    /// <param name="predict">The model.</param>
    /// <param name="rows">Rows to average over.</param>
    /// <param name="feature">The column.</param>
    /// <param name="points">Quantiles of a number, or most frequent categories, 2 … 1,000; fewer when there are fewer distinct values. Missing is a point of its own where it occurs.</param>
    /// <param name="maxRows">Rows averaged over at most, drawn evenly, ≥ 1.</param>
    /// <param name="cancellationToken">Stops between points.</param>
    public static IReadOnlyList<DependencePoint> Of(
        Func<DataTable, Predictions> predict, DataTable rows, string feature, int points = 20, int maxRows = 1000, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(points, 1000);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        Column column = rows[feature];
        int n = Math.Min(rows.RowCount, maxRows);
        DataTable sample = rows.Take([.. Enumerable.Range(0, n).Select(i => (int)((long)i * rows.RowCount / n))]);
        List<DependencePoint> curve = [];
        foreach (int row in Positions(column, points))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Predictions predicted = predict(PermutationImportance.Replace(sample, column.Take([.. Enumerable.Repeat(row, n)])));
            double[] means = new double[predicted.Width];
            for (int i = 0; i < predicted.Rows; i++)
            {
                for (int k = 0; k < means.Length; k++)
                {
                    means[k] += predicted.Row(i)[k] / (double)predicted.Rows;
                }
            }

            curve.Add(new DependencePoint(column.Text(row), means));
        }

        return curve;
    }

    /// <summary>Rows whose values are the points of the curve.</summary>
    private static IEnumerable<int> Positions(Column column, int points)
    {
        int[] present = [.. Enumerable.Range(0, column.Count).Where(i => !column.IsMissing(i))];
        IEnumerable<int> chosen;
        if (column is NumericColumn numbers)
        {
            int[] sorted = [.. present.OrderBy(i => numbers.Values[i])];
            chosen = sorted.Length == 0 ? [] : Enumerable.Range(0, points).Select(p => sorted[(int)((long)p * (sorted.Length - 1) / (points - 1))]).DistinctBy(i => numbers.Values[i]);
        }
        else
        {
            chosen = present.GroupBy(i => column.Text(i)!, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(points).Select(g => g.First());
        }

        foreach (int row in chosen)
        {
            yield return row;
        }

        for (int i = 0; i < column.Count; i++)
        {
            if (column.IsMissing(i))
            {
                yield return i;
                yield break;
            }
        }
    }
}
