using Mlops.Core.Data;
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

    private static DataTable Table(int rows, int seed, double shift, string[] categories)
    {
        Random random = new(seed);
        return new DataTable([
            new NumericColumn("x", [.. Worlds.Numbers("normal", rows, seed).Select(v => v + shift)]),
            TextColumn.From("c", Enumerable.Range(0, rows).Select(_ => categories[random.Next(categories.Length)])),
        ]);
    }
}
