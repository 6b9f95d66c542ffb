using System.Globalization;
using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics;

/// <summary>The tests of one column, from profiles; p-values not yet corrected.</summary>
internal static class ColumnTests
{
    private const int PsiBins = 10;
    private const int Drawn = 12;
    private const string Others = "(other)";

    public static IEnumerable<ColumnDrift> Of(ColumnProfile reference, ColumnProfile window)
    {
        if (Missing(reference, window) is { } missing)
        {
            yield return missing;
        }

        if (reference.Count == 0 || window.Count == 0)
        {
            yield return DriftTest.Untested(reference.Name, reference.Kind == ProfileKind.Numeric ? "kolmogorov-smirnov" : "chi-square", "There are no values to compare.");
        }
        else if (reference.Kind != window.Kind)
        {
            yield return new ColumnDrift(reference.Name, "type", 1, 0, 0, 1, double.NaN, false, $"The reference holds {Word(reference.Kind)}, the window {Word(window.Kind)}.");
        }
        else if (reference.Kind == ProfileKind.Numeric)
        {
            yield return Numbers(reference, window);
        }
        else
        {
            yield return Texts(reference, window);
            if (NewCategories(reference, window) is { } news)
            {
                yield return news;
            }
        }
    }

    /// <summary>Both distributions in at most a dozen bins; null when they cannot be drawn together.</summary>
    public static ColumnDistribution? Distribution(ColumnProfile reference, ColumnProfile window)
    {
        if (reference.Kind != window.Kind || reference.Count == 0 || window.Count == 0)
        {
            return null;
        }

        if (reference.Kind == ProfileKind.Text)
        {
            List<(string Name, long Reference, long Window)> cells = [.. Cells(reference, window).OrderBy(c => c.Name == Others).ThenByDescending(c => c.Reference + (c.Window * (double)reference.Count / window.Count))];
            List<(string Name, long Reference, long Window)> shown = [.. cells.Where(c => c.Name != Others).Take(Drawn - 1)];
            shown.Add((Others, reference.Count - shown.Sum(c => c.Reference), window.Count - shown.Sum(c => c.Window)));
            shown.RemoveAll(c => c.Reference == 0 && c.Window == 0);
            return new ColumnDistribution(reference.Name, [.. shown.Select(c => c.Name)], [.. shown.Select(c => (double)c.Reference / reference.Count)], [.. shown.Select(c => (double)c.Window / window.Count)]);
        }

        (EdgeHistogram r, EdgeHistogram w, _) = Histograms(reference, window);
        List<string> labels = [];
        List<double> first = [], second = [];
        foreach ((int from, int to) in Coarse(r, Drawn))
        {
            labels.Add(from == 0 && to == r.Counts.Count ? "all" : from == 0 ? $"≤ {Short(r.Edges[to - 1])}" : to == r.Counts.Count ? $"> {Short(r.Edges[from - 1])}" : $"{Short(r.Edges[from - 1])} … {Short(r.Edges[to - 1])}");
            first.Add((double)Sum(r, from, to) / reference.Count);
            second.Add((double)Sum(w, from, to) / window.Count);
        }

        return new ColumnDistribution(reference.Name, labels, first, second);
    }

    private static ColumnDrift Numbers(ColumnProfile reference, ColumnProfile window)
    {
        (EdgeHistogram r, EdgeHistogram w, bool exact) = Histograms(reference, window);
        double n = reference.Count, m = window.Count, belowR = 0, belowW = 0, distance = 0, at = 0;
        for (int i = 0; i < r.Edges.Count; i++)
        {
            belowR += r.Counts[i];
            belowW += w.Counts[i];
            double gap = belowW / m - belowR / n;
            if (Math.Abs(gap) > Math.Abs(distance))
            {
                distance = gap;
                at = r.Edges[i];
            }
        }

        double certain = exact ? Math.Abs(distance) : Math.Max(0, Math.Abs(distance) - 2 * TDigest.RankError);
        double effect = reference.Moments.M2 > 0 ? Wasserstein.OfSketches(reference.Quantiles, window.Quantiles) / reference.Moments.StandardDeviation : Math.Abs(distance);
        List<(int From, int To)> bins = [.. Coarse(r, PsiBins)];
        double psi = PopulationStability.OfCounts([.. bins.Select(b => Sum(r, b.From, b.To))], [.. bins.Select(b => Sum(w, b.From, b.To))]).Statistic;
        string explanation = distance == 0 ? "Values are distributed as before."
            : string.Create(CultureInfo.InvariantCulture, $"Values at or below {Short(at)} went from {ShareBelow(r, at):0.0%} to {ShareBelow(w, at):0.0%} of the rows; the median went from {Short(reference.Quantiles.Quantile(0.5))} to {Short(window.Quantiles.Quantile(0.5))}.");
        return new ColumnDrift(reference.Name, "kolmogorov-smirnov", Math.Abs(distance), KolmogorovSmirnov.AsymptoticPValue(certain, n, m), double.NaN, effect, psi, false, explanation);
    }

    private static ColumnDrift Texts(ColumnProfile reference, ColumnProfile window)
    {
        List<(string Name, long Reference, long Window)> cells = Cells(reference, window);
        (long[] r, long[] w) = Frequent(reference, window);
        TestResult test = ChiSquareTest.OfCounts(r, w);
        double psi = PopulationStability.OfCounts(r, w).Statistic;
        double effect = 0.5 * cells.Sum(c => Math.Abs((double)c.Reference / reference.Count - (double)c.Window / window.Count));
        (string name, long before, long after) = cells.MaxBy(c => Math.Abs((double)c.Reference / reference.Count - (double)c.Window / window.Count));
        string explanation = effect == 0 ? "Categories are distributed as before."
            : string.Create(CultureInfo.InvariantCulture, $"'{name}' went from {(double)before / reference.Count:0.0%} to {(double)after / window.Count:0.0%} of the rows, the largest change of any category.");

        // One category in both, and nothing else: nothing can have changed.
        return new ColumnDrift(reference.Name, "chi-square", double.IsNaN(test.Statistic) ? 0 : test.Statistic, double.IsNaN(test.PValue) ? 1 : test.PValue, double.NaN, effect, double.IsNaN(psi) ? 0 : psi, false, explanation);
    }

    private static ColumnDrift? Missing(ColumnProfile reference, ColumnProfile window)
    {
        if (reference.Missing + window.Missing == 0 || reference.Rows == 0 || window.Rows == 0 || reference.Count + window.Count == 0)
        {
            return null;
        }

        double before = (double)reference.Missing / reference.Rows, after = (double)window.Missing / window.Rows;
        double p = DriftTest.MissingPValue(reference.Missing, reference.Count, window.Missing, window.Count);
        return new ColumnDrift(reference.Name, "missing-rate", after - before, p, double.NaN, Math.Abs(after - before), double.NaN, false, string.Create(CultureInfo.InvariantCulture, $"Missing values went from {before:0.0%} to {after:0.0%} of the rows."));
    }

    /// <summary>Rows with a category that the reference does not have.</summary>
    /// <remarks>Under no change, the categories seen once in both together fall into either sample in proportion to its rows, so given their number the window's part
    /// is binomial. Not possible when the reference's categories are too many to be listed.</remarks>
    private static ColumnDrift? NewCategories(ColumnProfile reference, ColumnProfile window)
    {
        if (reference.Items.Error > 0)
        {
            return null;
        }

        long known = reference.Items.Counts.Keys.Sum(k => window.Items.Counts.GetValueOrDefault(k));
        long unseen = window.Count - known - (window.Items.Error > 0 ? reference.Items.Counts.Keys.Count(k => !window.Items.Counts.ContainsKey(k)) * window.Items.Error : 0);
        if (unseen <= 0)
        {
            return null;
        }

        long once = reference.Items.Counts.Values.Count(c => c == 1);
        double p = Binomial.AtLeast(unseen, unseen + once, (double)window.Count / (window.Count + reference.Count));
        string example = window.Items.Counts.Where(i => !reference.Items.Counts.ContainsKey(i.Key)).OrderByDescending(i => i.Value).Select(i => i.Key).FirstOrDefault("");
        return new ColumnDrift(reference.Name, "new-category", unseen, p, double.NaN, (double)unseen / window.Count, double.NaN, false, string.Create(CultureInfo.InvariantCulture, $"{unseen} rows ({(double)unseen / window.Count:0.0%}) have a value the reference never had, such as '{example}'."));
    }

    /// <summary>The categories frequent in both samples together, and all others as one.</summary>
    /// <remarks>Which categories count as frequent must depend on both samples together: picked by the reference alone, those kept had a lucky reference count and those left out an unlucky one, and
    /// the test would see drift where there is none. A category that a summary dropped occurs at most <see cref="FrequentItems.Error"/> times there; the threshold lies so far above what such a category
    /// has in both (four deviations) that only a changed one reaches it.</remarks>
    private static (long[] Reference, long[] Window) Frequent(ColumnProfile reference, ColumnProfile window)
    {
        double n = reference.Count, m = window.Count, share = Math.Min(n, m) / (n + m);
        double threshold = Math.Max(ChiSquareTest.DefaultMinimumExpected / share, Math.Max(Dropped(reference.Items.Error, m / n), Dropped(window.Items.Error, n / m)));
        List<long> before = [], after = [];
        foreach (string name in reference.Items.Counts.Keys.Union(window.Items.Counts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            long r = reference.Items.Counts.GetValueOrDefault(name, reference.Items.Error), w = window.Items.Counts.GetValueOrDefault(name, window.Items.Error);
            if (r + w >= threshold)
            {
                before.Add(r);
                after.Add(w);
            }
        }

        before.Add(Math.Max(0, reference.Count - before.Sum()));
        after.Add(Math.Max(0, window.Count - after.Sum()));
        return ([.. before], [.. after]);

        static double Dropped(long error, double ratio) => error == 0 ? 0 : error + error * ratio + 4 * Math.Sqrt((error + 1) * ratio * (1 + ratio)) + 1;
    }

    private static List<(string Name, long Reference, long Window)> Cells(ColumnProfile reference, ColumnProfile window)
    {
        List<(string Name, long Reference, long Window)> cells = [];
        foreach (string name in reference.Items.Counts.Keys.Union(window.Items.Counts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            bool inReference = reference.Items.Counts.TryGetValue(name, out long before), inWindow = window.Items.Counts.TryGetValue(name, out long after);

            // A category that one side no longer lists, though it dropped some, has an unknown count there: it stays among the others on both sides.
            if ((inReference || reference.Items.Error == 0) && (inWindow || window.Items.Error == 0))
            {
                cells.Add((name, before, after));
            }
        }

        long otherBefore = reference.Count - cells.Sum(c => c.Reference), otherAfter = window.Count - cells.Sum(c => c.Window);
        if (otherBefore > 0 || otherAfter > 0)
        {
            cells.Add((Others, otherBefore, otherAfter));
        }

        return cells;
    }

    private static (EdgeHistogram Reference, EdgeHistogram Window, bool Exact) Histograms(ColumnProfile reference, ColumnProfile window)
    {
        EdgeHistogram r = reference.Histogram ?? EdgeHistogram.OfSketch(reference.Quantiles, []);
        EdgeHistogram w = window.Histogram is { } own && own.Matches(r) ? own : EdgeHistogram.OfSketch(window.Quantiles, r.Edges);
        return (r, w, r.IsExact && w.IsExact);
    }

    /// <summary>Neighbouring bins joined until each holds about 1/<paramref name="bins"/> of the reference.</summary>
    private static IEnumerable<(int From, int To)> Coarse(EdgeHistogram reference, int bins)
    {
        double target = (double)reference.Total / bins, seen = 0;
        int from = 0, made = 0;
        for (int i = 0; i < reference.Counts.Count; i++)
        {
            seen += reference.Counts[i];
            bool last = i == reference.Counts.Count - 1;
            if (last || (seen >= target * (made + 1) - 1e-9 && made < bins - 1))
            {
                yield return (from, i + 1);
                made = Math.Max(made + 1, (int)(seen / target + 1e-9));
                from = i + 1;
            }
        }
    }

    private static long Sum(EdgeHistogram histogram, int from, int to) => histogram.Counts.Skip(from).Take(to - from).Sum();

    private static double ShareBelow(EdgeHistogram histogram, double edge) =>
        (double)histogram.Counts.Take(histogram.Edges.TakeWhile(e => e <= edge).Count()).Sum() / histogram.Total;

    private static string Short(double value) => value.ToString("0.####", CultureInfo.InvariantCulture) is { Length: <= 12 } plain && (plain != "0" || value == 0)
        ? plain : value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Word(ProfileKind kind) => kind == ProfileKind.Numeric ? "numbers" : "texts";
}
