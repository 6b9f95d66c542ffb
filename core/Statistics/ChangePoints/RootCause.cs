using Mlops.Core.Data;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics.ChangePoints;

/// <summary>One slice of the data and its part in a change.</summary>
/// <param name="Column">The column that defines the slice.</param>
/// <param name="Slice">A category, or a range of numbers.</param>
/// <param name="ReferenceShare">Share of the reference's rows in it.</param>
/// <param name="WindowShare">Share of the window's rows.</param>
/// <param name="Drift">Its term of the column's population stability index, ≥ 0.</param>
/// <param name="Mix">Change of the mean loss because the slice became more or less frequent.</param>
/// <param name="Rate">Change of the mean loss because rows within the slice got worse or better.</param>
/// <param name="PValue">Welch's p-value that the loss within the slice is as before; NaN without losses.</param>
public sealed record SliceContribution(string Column, string Slice, double ReferenceShare, double WindowShare, double Drift, double Mix, double Rate, double PValue);

/// <summary>Where does a change come from? Ranks columns × slices by their part in drift and in loss.</summary>
/// <remarks>Per column the slices partition the rows, so Σ(mix + rate) is the change of the mean loss exactly: mix = (wₛ − rₛ)·(l̄ₛ − l̄), rate = wₛ·Δl̄ₛ with the reference's losses in the mix term
/// (Kitagawa 1955, Oaxaca 1973). O(columns · n log n).</remarks>
public static class RootCause
{
    private const int MaximumSlices = 20;

    /// <summary>All slices, those with the largest |mix + rate| first when losses are given, otherwise those with the largest drift.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="window">The window.</param>
    /// <param name="referenceLoss">Loss per reference row, or null.</param>
    /// <param name="windowLoss">Loss per window row, or null.</param>
    public static IReadOnlyList<SliceContribution> Rank(DataTable reference, DataTable window, double[]? referenceLoss = null, double[]? windowLoss = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(window);
        if ((referenceLoss is null) != (windowLoss is null) || (referenceLoss?.Length ?? reference.RowCount) != reference.RowCount || (windowLoss?.Length ?? window.RowCount) != window.RowCount)
        {
            throw new ArgumentException("Give a loss for every row of both tables, or for none.", nameof(referenceLoss));
        }

        List<SliceContribution> all = [];
        foreach (Column column in reference.Columns)
        {
            if (window.TryGet(column.Name, out Column? current) && (current.Kind == ColumnKind.Text) == (column.Kind == ColumnKind.Text) && reference.RowCount > 0 && window.RowCount > 0)
            {
                all.AddRange(OfColumn(column, current, referenceLoss, windowLoss));
            }
        }

        return [.. all.OrderByDescending(s => referenceLoss is null ? s.Drift : Math.Abs(s.Mix + s.Rate)).ThenByDescending(s => s.Drift).ThenBy(s => s.Column, StringComparer.Ordinal).ThenBy(s => s.Slice, StringComparer.Ordinal)];
    }

    /// <summary>The same from distributions, for profiles: slices of the given columns with the largest drift first, at most <paramref name="limit"/>. Losses are not known there, so their terms are NaN.</summary>
    public static IReadOnlyList<SliceContribution> Rank(IEnumerable<ColumnDistribution> distributions, long referenceRows, long windowRows, int limit)
    {
        ArgumentNullException.ThrowIfNull(distributions);
        IEnumerable<SliceContribution> all = distributions.SelectMany(d => d.Labels.Select((label, i) =>
            new SliceContribution(d.Column, label, d.Reference[i], d.Window[i], Term(d.Reference[i] * referenceRows, referenceRows, d.Window[i] * windowRows, windowRows), double.NaN, double.NaN, double.NaN)));
        return [.. all.OrderByDescending(s => s.Drift).ThenBy(s => s.Column, StringComparer.Ordinal).ThenBy(s => s.Slice, StringComparer.Ordinal).Take(limit)];
    }

    /// <summary>One term of the stability index; half a row each keeps an empty slice finite.</summary>
    private static double Term(double before, double rowsBefore, double after, double rowsAfter)
    {
        double p = (before + 0.5) / (rowsBefore + 1), q = (after + 0.5) / (rowsAfter + 1);
        return (q - p) * Math.Log(q / p);
    }

    private static IEnumerable<SliceContribution> OfColumn(Column reference, Column window, double[]? referenceLoss, double[]? windowLoss)
    {
        Func<Column, int, string> slice = Slicer(reference);
        Dictionary<string, List<int>> before = Rows(reference, slice), after = Rows(window, slice);
        double overall = referenceLoss?.Average() ?? 0;
        foreach (string name in before.Keys.Union(after.Keys, StringComparer.Ordinal))
        {
            List<int> old = before.GetValueOrDefault(name, []), now = after.GetValueOrDefault(name, []);
            double r = (double)old.Count / reference.Count, w = (double)now.Count / window.Count;
            double mix = double.NaN, rate = double.NaN, pValue = double.NaN;
            if (referenceLoss is not null && windowLoss is not null)
            {
                Moments lossBefore = Moments.Of([.. old.Select(i => referenceLoss[i])]), lossAfter = Moments.Of([.. now.Select(i => windowLoss[i])]);

                // A slice without reference rows has no loss of its own there: the overall one stands in.
                double expected = lossBefore.Count > 0 ? lossBefore.Mean : overall;
                mix = (w - r) * (expected - overall);
                rate = now.Count > 0 ? w * (lossAfter.Mean - expected) : 0;
                pValue = TwoSample.WelchT.Test(lossBefore, lossAfter).PValue;
            }

            yield return new SliceContribution(reference.Name, name, r, w, Term(old.Count, reference.Count, now.Count, window.Count), mix, rate, pValue);
        }
    }

    private static Dictionary<string, List<int>> Rows(Column column, Func<Column, int, string> slice)
    {
        Dictionary<string, List<int>> rows = new(StringComparer.Ordinal);
        for (int i = 0; i < column.Count; i++)
        {
            string name = slice(column, i);
            if (!rows.TryGetValue(name, out List<int>? list))
            {
                rows[name] = list = [];
            }

            list.Add(i);
        }

        return rows;
    }

    /// <summary>Categories by name (the rarest together), numbers by the reference's deciles, missing values apart.</summary>
    private static Func<Column, int, string> Slicer(Column reference)
    {
        const string missing = "(missing)", other = "(other)";
        if (reference is TextColumn)
        {
            HashSet<string> kept = [.. Enumerable.Range(0, reference.Count).Select(reference.Text).OfType<string>().GroupBy(t => t, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MaximumSlices).Select(g => g.Key)];
            return (column, row) => column.Text(row) is { } text ? kept.Contains(text) ? text : other : missing;
        }

        double[] sorted = TwoSample.Samples.Sorted(((NumericColumn)reference).Values);
        double[] edges = sorted.Length == 0 ? [] : [.. Enumerable.Range(1, 9).Select(i => sorted[(int)((long)i * sorted.Length / 10)]).Distinct()];
        return (column, row) =>
        {
            double value = ((NumericColumn)column).Values[row];
            if (double.IsNaN(value))
            {
                return missing;
            }

            int bin = edges.Count(e => value > e);
            return FormattableString.Invariant($"{(bin == 0 ? double.NegativeInfinity : edges[bin - 1]):G6} … {(bin == edges.Length ? double.PositiveInfinity : edges[bin]):G6}");
        };
    }
}
