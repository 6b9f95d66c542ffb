using Mlops.Core.Data;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.Experiments;
using Mlops.Core.Statistics.TwoSample;
using Mlops.Core.Statistics.Unlabelled;
using TestResult = Mlops.Core.Statistics.TwoSample.TestResult;

namespace Mlops.Core.Tests.Statistics;

/// <summary>n = 0, n = 1, all equal, NaN, one category: a defined result that says so, never an exception or a false alarm.</summary>
public class UndefinedInputTests
{
    private static readonly Dictionary<string, Func<double[], double[], TestResult>> Tests = new()
    {
        ["Kolmogorov–Smirnov"] = (a, b) => KolmogorovSmirnov.Test(a, b), ["Cramér–von Mises"] = (a, b) => CramerVonMises.Test(a, b), ["Mann–Whitney"] = (a, b) => MannWhitney.Test(a, b),
        ["Welch"] = (a, b) => WelchT.Test(a, b), ["Levene"] = (a, b) => Levene.Test(a, b), ["Anderson–Darling"] = (a, b) => AndersonDarling.Test(a, b),
        ["Wasserstein permutation"] = (a, b) => PermutationTest.OfWasserstein(a, b, 99), ["energy permutation"] = (a, b) => PermutationTest.OfEnergy(a, b, 99),
    };

    public static TheoryData<string> Names => [.. Tests.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Test_EmptyOrConstantOrMissing_IsUndefinedOrOne(string name)
    {
        double[][] strange = [[], [2], [2, 2], [2, 2, 2, 2, 2, 2], [double.NaN], [double.NaN, 2]];
        foreach (double[] a in strange)
        {
            foreach (double[] b in strange)
            {
                double p = Tests[name](a, b).PValue;
                Assert.True(double.IsNaN(p) || (p > 0.05 && p <= 1), $"{name}: p = {p} for [{string.Join(", ", a)}] and [{string.Join(", ", b)}].");
            }
        }

        Assert.False(Tests[name]([2, 2, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2]).PValue <= 0.05);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Test_PermutedRows_GiveTheSameResultAndStayUnchanged(string name)
    {
        double[] a = Worlds.Numbers("discrete", 60, 1), b = [.. Worlds.Numbers("discrete", 45, 2).Select(x => x + 1)], a2 = [.. a.Reverse()], b2 = [.. b.Order()], copy = [.. a];
        TestResult first = Tests[name](a, b), second = Tests[name](a2, b2);
        Assert.Equal(first.Statistic, second.Statistic, 1e-9);
        Assert.Equal(first.PValue, second.PValue, 1e-9);
        Assert.Equal(copy, a);
        TestResult withMissing = Tests[name]([double.NaN, .. a], [.. b, double.NaN]);
        Assert.Equal(first.Statistic, withMissing.Statistic, 1e-9);
    }

    [Fact]
    public void Counts_OfOneOrNoCategory_AreUndefined()
    {
        Assert.True(double.IsNaN(ChiSquareTest.OfCounts([5], [7]).PValue));
        Assert.True(double.IsNaN(GTest.OfCounts([], []).PValue));
        Assert.True(double.IsNaN(PopulationStability.OfCounts([5, 5], [0, 0]).PValue));
        Assert.Equal(1, FisherExact.TwoSided(0, 0, 3, 4));
        Assert.True(double.IsNaN(Divergences.JensenShannon([0, 0], [1, 2])));
        Assert.True(double.IsNaN(SampleRatio.Test([0, 0], [1, 1]).PValue));
        Assert.Equal(double.PositiveInfinity, Divergences.KullbackLeibler([1, 1], [1, 0]));
        Assert.Equal((-1, 1), Proportions.Newcombe(0, 0, 3, 9, 0.05));
        Assert.Equal((0, 1), Proportions.ClopperPearson(0, 0, 0.05));
    }

    [Fact]
    public void EstimatesWithoutLabels_RowsWithNaN_AreLeftOut()
    {
        double[] p = [.. Enumerable.Range(0, 100).Select(i => i / 100.0)];
        bool[] yes = [.. p.Select(x => x > 0.5)];
        double[] truth = [.. p.Select(x => x * 2)];
        Assert.Equal(EstimatedPerformance.Of(p, yes, p), EstimatedPerformance.Of([double.NaN, .. p, 0.5], [true, .. yes, true], [0.5, .. p, double.NaN]));
        Assert.Equal(IsotonicCalibration.Fit(p, yes).Apply(0.7), IsotonicCalibration.Fit([.. p, double.NaN], [.. yes, true]).Apply(0.7));
        Assert.True(double.IsNaN(IsotonicCalibration.Fit(p, yes).Apply(double.NaN)));
        Assert.Throws<ArgumentException>(() => IsotonicCalibration.Fit([double.NaN], [true]));
        Assert.Equal(RegressionErrorModel.Fit(p, truth).Estimate(p), RegressionErrorModel.Fit([.. p, double.NaN, 1], [.. truth, 1, double.NaN]).Estimate([double.NaN, .. p]));
        Assert.True(double.IsNaN(RegressionErrorModel.Fit(p, truth).Estimate([double.NaN]).Value));
    }

    [Fact]
    public void MaximumMeanDiscrepancyAndCuped_RowsWithNaN_AreLeftOut_AndNoFalseAlarm()
    {
        double[][] Rows(int seed) => [.. Worlds.Numbers("normal", 40, seed).Chunk(2)];
        TestResult clean = MaximumMeanDiscrepancy.Test(Rows(1), Rows(2), 99);
        Assert.Equal(clean, MaximumMeanDiscrepancy.Test([[double.NaN, 1], .. Rows(1)], [.. Rows(2), [0, double.NaN]], 99));
        Assert.True(clean.PValue > 0.05);
        Assert.Equal(TestResult.Undefined, MaximumMeanDiscrepancy.Test([[double.NaN], [1]], [[1], [2], [3]], 99));

        double[] x = Worlds.Numbers("normal", 30, 1), y = Worlds.Numbers("normal", 30, 2);
        Assert.Equal(Cuped.Adjust(y, x, x, y), Cuped.Adjust([double.NaN, .. y], [1, .. x], [.. x, 1], [.. y, double.NaN]));
    }

    [Theory]
    [InlineData("all missing")]
    [InlineData("constant")]
    [InlineData("absent")]
    [InlineData("one category")]
    [InlineData("other kind")]
    public void Compare_StrangeColumns_GiveAReport(string world)
    {
        double[] values = Worlds.Numbers("normal", 500, 1);
        Column reference = world == "constant" ? new NumericColumn("x", [.. values.Select(_ => 3.0)]) : world == "one category" ? TextColumn.From("x", values.Select(_ => "a")) : new NumericColumn("x", values);
        Column window = world switch
        {
            "all missing" => new NumericColumn("x", [.. values.Select(_ => double.NaN)]),
            "absent" => new NumericColumn("y", values),
            "other kind" => TextColumn.From("x", values.Select(v => v > 0 ? "a" : "b")),
            _ => reference,
        };
        DriftReport report = DriftTest.Compare(new DataTable([reference]), new DataTable([window]), new DriftOptions());
        Assert.Equal(world is "all missing" or "other kind" ? DriftVerdict.Drift : DriftVerdict.None, report.Verdict);
        Assert.NotEmpty(report.Summary);
        Assert.Equal(report.ToJson(), DriftReport.FromJson(report.ToJson()).ToJson());
        Assert.Contains("</html>", report.ToHtml("t"), StringComparison.Ordinal);
    }
}
