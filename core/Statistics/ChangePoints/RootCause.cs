using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.ChangePoints;

/// <summary>Where does a change come from? Ranks columns × slices by their part in drift and in loss.</summary>
/// <remarks>Per column the slices partition the rows, so Σ(mix + rate) is the change of the mean loss exactly: mix = (wₛ − rₛ)·(l̄ₛ − l̄), rate = wₛ·Δl̄ₛ with the reference's losses in the mix term
/// (Kitagawa 1955, Oaxaca 1973). O(columns · slices).</remarks>
public static class RootCause
{
    /// <summary>Rows with a known loss on either side below which a p-value would rest on too few.</summary>
    public const int FewestRows = 30;

    /// <summary>Slices by their part in the change of the mean loss, those that made it larger first, at most <paramref name="limit"/>; none when a side has no rows.</summary>
    /// <param name="reference">Losses of the reference.</param>
    /// <param name="window">Losses of the window, in the same slices.</param>
    /// <param name="limit">Slices at most.</param>
    public static IReadOnlyList<LossContribution> Rank(LossProfile reference, LossProfile window, int limit)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(window);
        if (reference.Total.Count == 0 || window.Total.Count == 0)
        {
            return [];
        }

        List<LossContribution> all = [.. reference.Columns.Zip(window.Columns, (before, after) => OfColumn(before, after, reference.Total, window.Total)).SelectMany(slices => slices)];
        double[] adjusted = MultipleTesting.Adjust([.. all.Select(s => s.AdjustedPValue)]);
        return [.. all.Select((s, i) => s with { AdjustedPValue = adjusted[i] })
            .OrderByDescending(s => s.Mix + s.Rate).ThenBy(s => s.Column, StringComparer.Ordinal).ThenBy(s => s.Slice, StringComparer.Ordinal).Take(limit)];
    }

    /// <summary>Slices of the given columns with the largest part in drift first, at most <paramref name="limit"/>.</summary>
    public static IReadOnlyList<SliceContribution> Rank(IEnumerable<ColumnDistribution> distributions, long referenceRows, long windowRows, int limit)
    {
        ArgumentNullException.ThrowIfNull(distributions);
        IEnumerable<SliceContribution> all = distributions.SelectMany(d => d.Labels.Select((label, i) =>
            new SliceContribution(d.Column, label, d.Reference[i], d.Window[i], Term(d.Reference[i] * referenceRows, referenceRows, d.Window[i] * windowRows, windowRows))));
        return [.. all.OrderByDescending(s => s.Drift).ThenBy(s => s.Column, StringComparer.Ordinal).ThenBy(s => s.Slice, StringComparer.Ordinal).Take(limit)];
    }

    /// <summary>One term of the stability index; half a row each keeps an empty slice finite.</summary>
    private static double Term(double before, double rowsBefore, double after, double rowsAfter)
    {
        double p = (before + 0.5) / (rowsBefore + 1), q = (after + 0.5) / (rowsAfter + 1);
        return (q - p) * Math.Log(q / p);
    }

    private static IEnumerable<LossContribution> OfColumn(ColumnLosses reference, ColumnLosses window, Moments allBefore, Moments allAfter)
    {
        for (int i = 0; i < reference.Slices.Count; i++)
        {
            Moments before = reference.Slices[i], after = window.Slices[i];
            if (before.Count + after.Count == 0)
            {
                continue;
            }

            // A slice without reference rows has no loss of its own there: the overall one stands in.
            double r = (double)before.Count / allBefore.Count, w = (double)after.Count / allAfter.Count, expected = before.Count > 0 ? before.Mean : allBefore.Mean;
            yield return new LossContribution(
                reference.Column,
                reference.Name(i),
                r,
                w,
                before.Count > 0 ? before.Mean : double.NaN,
                after.Count > 0 ? after.Mean : double.NaN,
                (w - r) * (expected - allBefore.Mean),
                after.Count > 0 ? w * (after.Mean - expected) : 0,
                Math.Min(before.Count, after.Count) < FewestRows ? double.NaN : WelchT.Test(before, after).PValue);
        }
    }
}
