using System.Globalization;
using Mlops.Core.Data;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics.ChangePoints;

/// <summary>The losses of rows by slice of one column.</summary>
/// <param name="Column">The column.</param>
/// <param name="IsText">Whether its slices are categories; otherwise ranges of numbers.</param>
/// <param name="Edges">Numbers: the upper ends of all ranges but the last, ascending.</param>
/// <param name="Categories">Texts: the categories that have a slice of their own, long ones shortened.</param>
/// <param name="Slices">Losses of each range or category; then, for texts, of all other categories; last of rows without a value.</param>
public sealed record ColumnLosses(string Column, bool IsText, IReadOnlyList<double> Edges, IReadOnlyList<string> Categories, IReadOnlyList<Moments> Slices)
{
    private int Count => (IsText ? Categories.Count : Edges.Count) + 2;

    /// <summary>The losses of other rows in these slices; NaN does not count.</summary>
    internal ColumnLosses Of(DataTable table, double[] losses)
    {
        Func<int, int> slice = table.TryGet(Column, out Column? column) && column is TextColumn == IsText ? Slicer(column) : _ => Count - 1;
        List<double>[] parts = [.. Enumerable.Range(0, Count).Select(_ => new List<double>())];
        for (int row = 0; row < losses.Length; row++)
        {
            if (!double.IsNaN(losses[row]))
            {
                parts[slice(row)].Add(losses[row]);
            }
        }

        return this with { Slices = [.. parts.Select(part => Moments.Of([.. part]))] };
    }

    internal ColumnLosses Merge(ColumnLosses other) => other.Column == Column && other.Slices.Count == Slices.Count
        ? this with { Slices = [.. Slices.Zip(other.Slices, (a, b) => a.Merge(b))] }
        : throw new ArgumentException($"Losses by '{other.Column}' in {other.Slices.Count} slices cannot be added to those by '{Column}' in {Slices.Count}.", nameof(other));

    /// <summary>A slice in words.</summary>
    internal string Name(int slice)
    {
        if (slice >= Slices.Count - 1)
        {
            return "(missing)";
        }

        if (IsText)
        {
            return slice < Categories.Count ? Categories[slice] : "(other)";
        }

        return Edges.Count == 0 ? "all" : slice == 0 ? $"≤ {Short(Edges[0])}" : slice == Edges.Count ? $"> {Short(Edges[^1])}" : $"{Short(Edges[slice - 1])} … {Short(Edges[slice])}";
    }

    private Func<int, int> Slicer(Column column)
    {
        if (column is NumericColumn numbers)
        {
            double[] edges = [.. Edges];
            return row =>
            {
                // A range holds its upper end.
                int at = Array.BinarySearch(edges, numbers.Values[row]);
                return double.IsNaN(numbers.Values[row]) ? Count - 1 : at < 0 ? ~at : at;
            };
        }

        Dictionary<string, int> index = Categories.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i, StringComparer.Ordinal);
        return row => column.Text(row) is not { } text ? Count - 1 : index.GetValueOrDefault(FrequentItems.Shorten(text), Categories.Count);
    }

    private static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
