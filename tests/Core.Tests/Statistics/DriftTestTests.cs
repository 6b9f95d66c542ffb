using System.Net;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Statistics;

namespace Mlops.Core.Tests.Statistics;

public class DriftTestTests
{
    private static readonly DriftOptions Options = new();

    [Fact]
    public void Compare_WindowOfTheSameWorld_FindsNoDrift()
    {
        DriftReport report = DriftTest.Compare(Table(5000, 1, 0, ["a", "b", "c"]), Table(800, 2, 0, ["a", "b", "c"]), Options);
        Assert.Equal(DriftVerdict.None, report.Verdict);
        Assert.All(report.Columns, c => Assert.False(c.Drifted));
    }

    [Fact]
    public void Compare_ShiftedNumbers_NamesTheColumnAndExplains()
    {
        DriftReport report = DriftTest.Compare(Table(5000, 1, 0, ["a", "b", "c"]), Table(800, 2, 1, ["a", "b", "c"]), Options);
        Assert.Equal(DriftVerdict.Drift, report.Verdict);
        ColumnDrift first = report.Columns[0];
        Assert.Equal(("x", true), (first.Column, first.Drifted));
        Assert.InRange(first.EffectSize, 0.85, 1.15);
        Assert.Contains("'x'", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_NewCategory_IsATestOfItsOwn()
    {
        DriftReport report = DriftTest.Compare(Table(5000, 1, 0, ["a", "b", "c"]), Table(800, 2, 0, ["a", "b", "c", "d"]), Options);
        ColumnDrift found = Assert.Single(report.Columns, c => c.Test == "new-category");
        Assert.True(found.Drifted);
        Assert.Contains("'d'", found.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_TwoColumnsMovedAlike_TheImportantOneIsOnTopAndShown()
    {
        // 'a' moved further, 'b' is what the model lives by.
        DataTable reference = Pair(5000, 1, 0, 0), window = Pair(2000, 2, 0.5, 0.4);
        IReadOnlyDictionary<string, double> weights = DriftWeights.Of([new FeatureImportance("b", 0.9), new FeatureImportance("a", 0.1), new FeatureImportance("gone", 5)], ["a", "b"]);
        Assert.Equal((0.6, 1.4), (weights["a"], weights["b"]), (x, y) => Math.Abs(x.Item1 - y.Item1) < 1e-12 && Math.Abs(x.Item2 - y.Item2) < 1e-12);

        DriftReport unweighted = DriftTest.Compare(reference, window, Options), weighted = DriftTest.Compare(reference, window, Options with { Weights = weights });
        Assert.Equal(["a", "b"], unweighted.Columns.Where(c => c.Drifted).Select(c => c.Column));
        Assert.Equal(["b", "a"], weighted.Columns.Where(c => c.Drifted).Select(c => c.Column));
        Assert.Equal(["b", "a"], weighted.Distributions.Select(d => d.Column));
        Assert.Contains("'b', 'a'", weighted.Summary, StringComparison.Ordinal);
        Assert.Equal(1.4, weighted.Columns[0].Weight, 1e-12);
        string page = weighted.ToHtml("weather");
        Assert.True(page.IndexOf("<td>b</td><td class=\"n\">1.4</td>", StringComparison.Ordinal) is var b && b > 0 && b < page.IndexOf("<td>a</td>", StringComparison.Ordinal), page);
        Assert.All(weighted.Columns, c => Assert.Contains(WebUtility.HtmlEncode(c.Explanation), page, StringComparison.Ordinal));
        Assert.Contains("reference (grey) and window (blue)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_AColumnThatHardlyMoved_IsDriftOnlyWhereItMatters()
    {
        DataTable reference = Pair(20_000, 1, 0, 0), window = Pair(400, 2, 0, 0.2);
        static IReadOnlyDictionary<string, double> Only(string column) => DriftWeights.Of([new FeatureImportance(column, 1)], ["a", "b"]);
        double important = P(Only("b")), unimportant = P(Only("a"));
        Assert.Equal(3, unimportant / important, 1e-9);

        double P(IReadOnlyDictionary<string, double> weights) => DriftTest.Compare(reference, window, Options with { Weights = weights, Correction = Correction.Bonferroni })
            .Columns.Single(c => c is { Column: "b", Test: "kolmogorov-smirnov" }).AdjustedPValue;
    }

    [Fact]
    public void Of_NoUsableImportance_WeighsAllAlike() =>
        Assert.Equal([1, 1], DriftWeights.Of([new FeatureImportance("a", double.NaN), new FeatureImportance("b", -1)], ["a", "b"]).Values);

    [Fact]
    public void Compare_CertainButSmallerThanTheMinimumEffect_IsNoDrift()
    {
        DataTable reference = Pair(50_000, 1, 0, 0), window = Pair(50_000, 2, 0, 0.1);
        Assert.Equal(DriftVerdict.Drift, DriftTest.Compare(reference, window, Options).Verdict);
        DriftReport report = DriftTest.Compare(reference, window, Options with { MinimumEffect = 0.3 });
        Assert.Equal(DriftVerdict.None, report.Verdict);
        Assert.Contains(report.Columns, c => c.Column == "b" && c.Explanation.Contains("certain but too small to matter", StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_MissingValues_AreATestOfTheirOwn()
    {
        double[] reference = Worlds.Numbers("normal", 5000, 1), window = Worlds.Numbers("normal", 500, 2);
        for (int i = 0; i < window.Length; i += 5)
        {
            window[i] = double.NaN;
        }

        DriftReport report = DriftTest.Compare(new DataTable([new NumericColumn("x", reference)]), new DataTable([new NumericColumn("x", window)]), Options);
        Assert.True(Assert.Single(report.Columns, c => c.Test == "missing-rate").Drifted);
        Assert.False(Assert.Single(report.Columns, c => c.Test == "kolmogorov-smirnov").Drifted);
    }

    [Fact]
    public void Compare_FewRows_SaysSo() =>
        Assert.Equal(DriftVerdict.TooFewRows, DriftTest.Compare(Table(5000, 1, 0, ["a"]), Table(99, 2, 5, ["a"]), Options).Verdict);

    [Fact]
    public void Compare_ProfilesWithAndWithoutTheReferencesEdges_Agree()
    {
        TableProfile reference = TableProfile.Of(Table(5000, 1, 0, ["a", "b"]));
        DataTable window = Table(800, 2, 1, ["a", "b"]);
        Assert.Equal(DriftVerdict.Drift, DriftTest.Compare(reference, TableProfile.Of(window), Options).Verdict);
        Assert.Equal(DriftVerdict.Drift, DriftTest.Compare(reference, TableProfile.Of(window, reference), Options).Verdict);
    }

    [Fact]
    public void ToHtml_HostileNames_AreEncoded_AndJsonReadsBack()
    {
        const string hostile = "<script>alert(1)</script>\"'&";
        DataTable reference = new([TextColumn.From(hostile, Enumerable.Range(0, 500).Select(i => hostile + i % 3))]);
        DataTable window = new([TextColumn.From(hostile, Enumerable.Range(0, 500).Select(i => hostile + i % 7))]);
        DriftReport report = DriftTest.Compare(reference, window, Options);
        string page = report.ToHtml(hostile);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        string json = report.ToJson();
        Assert.Equal(json, DriftReport.FromJson(json).ToJson());
    }

    [Fact]
    public void ToHtml_TooFewRows_SaysSo_WithoutAnEmptyTable()
    {
        DriftReport report = DriftTest.Compare(Pair(5000, 1, 0, 0), Pair(3, 2, 0, 0), Options);
        Assert.Equal(DriftVerdict.TooFewRows, report.Verdict);
        Assert.Contains("The window has 3 rows", report.ToHtml("t"), StringComparison.Ordinal);
        Assert.DoesNotContain("<table", report.ToHtml("t"), StringComparison.Ordinal);
    }

    private static DataTable Pair(int rows, int seed, double a, double b) => new([
        new NumericColumn("a", [.. Worlds.Numbers("normal", rows, seed).Select(v => v + a)]),
        new NumericColumn("b", [.. Worlds.Numbers("normal", rows, seed + 10).Select(v => v + b)]),
    ]);

    private static DataTable Table(int rows, int seed, double shift, string[] categories)
    {
        Random random = new(seed);
        return new DataTable([
            new NumericColumn("x", [.. Worlds.Numbers("normal", rows, seed).Select(v => v + shift)]),
            TextColumn.From("c", Enumerable.Range(0, rows).Select(_ => categories[random.Next(categories.Length)])),
        ]);
    }
}
