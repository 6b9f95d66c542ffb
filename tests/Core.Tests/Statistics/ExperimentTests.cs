using System.Text.Json;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.Experiments;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Tests.Statistics;

public class ExperimentTests
{
    private static readonly JsonElement Generated = Golden.Read("experiments-generated.json");
    private static readonly JsonElement Given = Golden.Read("experiments.json");

    [Fact]
    public void Proportions_AgainstStatsmodels_AreEqual() => Golden.AllEqual(Generated.GetProperty("proportions").EnumerateArray().SelectMany(c =>
    {
        long[] x = [.. c.GetProperty("x").EnumerateArray().Select(v => v.GetInt64())];
        double[] wilson = Golden.Numbers(c.GetProperty("wilson")), beta = Golden.Numbers(c.GetProperty("beta"));
        (double Lower, double Upper) w = Proportions.Wilson(x[0], x[1], 0.05), b = Proportions.ClopperPearson(x[0], x[1], 0.05);
        var test = Proportions.Test(x[0], x[1], x[2], x[3]);
        string what = c.GetProperty("x").ToString();
        List<string?> differences = [Golden.Difference(what + " wilson", wilson[0], w.Lower), Golden.Difference(what + " wilson", wilson[1], w.Upper), Golden.Difference(what + " beta", beta[0], b.Lower), Golden.Difference(what + " beta", beta[1], b.Upper)];
        if (c.TryGetProperty("z", out JsonElement z))
        {
            differences.Add(Golden.Difference(what + " z", z.GetDouble(), test.Statistic));
            differences.Add(Golden.Difference(what + " p", c.GetProperty("p").GetDouble(), test.PValue));
        }
        else
        {
            Assert.True(double.IsNaN(test.PValue));
        }

        return differences;
    }));

    [Fact]
    public void NewcombeAndSampleSizes_AgainstGivenValues_AreEqual()
    {
        List<string?> differences = [];
        foreach (JsonElement c in Given.GetProperty("two_proportions").EnumerateArray())
        {
            double[] expected = Golden.Numbers(c.GetProperty("newcombe_ci95_p2_minus_p1"));
            (double lower, double upper) = Proportions.Newcombe(L(c, "x1"), L(c, "n1"), L(c, "x2"), L(c, "n2"), 0.05);
            differences.AddRange([Golden.Difference("newcombe", expected[0], lower), Golden.Difference("newcombe", expected[1], upper)]);
        }

        foreach (JsonElement c in Given.GetProperty("sample_size_two_proportions").EnumerateArray())
        {
            (double p1, double p2, double alpha, double power, double ratio) = (D(c, "p1"), D(c, "p2"), D(c, "alpha"), D(c, "power"), D(c, "ratio_n2_over_n1"));
            differences.Add(Golden.Difference("unpooled", D(c, "n1_unpooled"), SampleSize.OfProportions(p1, p2, alpha, power, ratio)));
            differences.Add(Golden.Difference("pooled", D(c, "n1_fleiss_pooled"), SampleSize.OfProportionsPooled(p1, p2, alpha, power, ratio)));

            // statsmodels stops its root search at 1e-6.
            differences.Add(Golden.Difference("arcsine", D(c, "n1_arcsine_statsmodels"), SampleSize.OfProportionsArcsine(p1, p2, alpha, power, ratio), 1e-6));
            differences.Add(Golden.Difference("power", D(c, "power_at_1000_arcsine"), SampleSize.PowerOfProportions(p1, p2, 1000, alpha, ratio), 1e-9));
        }

        foreach (JsonElement c in Given.GetProperty("sample_size_two_means").EnumerateArray())
        {
            differences.Add(Golden.Difference("means", D(c, "n1_normal"), SampleSize.OfMeans(D(c, "d"), D(c, "alpha"), D(c, "power")), 1e-6));
        }

        Golden.AllEqual(differences);

        static double D(JsonElement c, string key) => c.GetProperty(key).GetDouble();
        static long L(JsonElement c, string key) => c.GetProperty(key).GetInt64();
    }

    [Theory]
    [InlineData("fdr_bh", Correction.BenjaminiHochberg)]
    [InlineData("fdr_by", Correction.BenjaminiYekutieli)]
    [InlineData("bonferroni", Correction.Bonferroni)]
    [InlineData("holm", Correction.Holm)]
    public void Adjust_AgainstStatsmodels_IsEqual(string name, Correction correction) => Golden.AllEqual(Generated.GetProperty("corrections").EnumerateArray().SelectMany(c =>
        Golden.Numbers(c.GetProperty(name)).Zip(MultipleTesting.Adjust(Golden.Numbers(c.GetProperty("p")), correction), (e, a) => Golden.Difference(name, e, a))));

    [Fact]
    public void Adjust_WithWeightsAndNaN_KeepsTheGuarantee()
    {
        double[] adjusted = MultipleTesting.Adjust([0.01, double.NaN, 0.01], Correction.Bonferroni, [3, 1, 1]);
        Assert.Equal(0.01 * 2 / 1.5, adjusted[0], 1e-15);
        Assert.True(double.IsNaN(adjusted[1]));
        Assert.Equal(0.01 * 2 / 0.5, adjusted[2], 1e-15);
    }

    [Fact]
    public void PairedTests_AgainstScipy_AreEqual()
    {
        List<string?> differences = [.. Generated.GetProperty("mcnemar").EnumerateArray().Select(Golden.Numbers).Select(c => Golden.Difference($"mcnemar {c[0]} {c[1]}", c[2], McNemar.Test((long)c[0], (long)c[1]).PValue))];
        foreach (JsonElement c in Generated.GetProperty("paired").EnumerateArray())
        {
            var test = PairedDifference.Test(Golden.Numbers(c.GetProperty("x")), Golden.Numbers(c.GetProperty("y")));
            differences.Add(Golden.Difference("t", c.GetProperty("t").GetDouble(), test.Statistic, 1e-9, 1e-11));
            differences.Add(Golden.Difference("p", c.GetProperty("p").GetDouble(), test.PValue, 1e-9, 1e-11));
        }

        foreach (JsonElement c in Generated.GetProperty("srm").EnumerateArray())
        {
            JsonElement[] parts = [.. c.EnumerateArray()];
            var test = SampleRatio.Test([.. parts[0].EnumerateArray().Select(k => k.GetInt64())], Golden.Numbers(parts[1]));
            differences.Add(Golden.Difference("srm", parts[2].GetDouble(), test.Statistic, 1e-9, 1e-11));
            differences.Add(Golden.Difference("srm p", parts[3].GetDouble(), test.PValue));
        }

        Golden.AllEqual(differences);
    }

    [Fact]
    public void Boundaries_ForFiveLooks_AreThoseOfTheLiterature()
    {
        // Lan and DeMets' tables for α = 0.05 two-sided, information 0.2 … 1.
        double[] information = [0.2, 0.4, 0.6, 0.8, 1];
        double[] obrien = [4.8769, 3.3569, 2.6803, 2.2898, 2.0310], pocock = [2.4380, 2.4268, 2.4101, 2.3966, 2.3859];
        Assert.All(GroupSequential.Boundaries(information).Zip(obrien), b => Assert.Equal(b.Second, b.First, 2e-4));
        Assert.All(GroupSequential.Boundaries(information, 0.05, SpendingFunction.Pocock).Zip(pocock), b => Assert.Equal(b.Second, b.First, 2e-4));
    }

    [Fact]
    public void Cuped_CorrelatedCovariate_RemovesItsShareOfVarianceAndKeepsTheEffect()
    {
        Random random = new(3);
        double[] x1 = Worlds.Numbers("normal", 4000, 1), x2 = Worlds.Numbers("normal", 4000, 2);
        double[] y1 = [.. x1.Select(x => 2 * x + Worlds.Normal(random))], y2 = [.. x2.Select(x => 2 * x + Worlds.Normal(random) + 0.1)];
        (Moments first, Moments second, double removed) = Cuped.Adjust(y1, x1, y2, x2);
        Assert.Equal(0.8, removed, 0.02);
        Assert.Equal(0.1, second.Mean - first.Mean, 0.06);
        Assert.Equal(1, first.Variance, 0.1);
    }

    [Fact]
    public void RatioMetric_OfClusteredViews_HasTheVarianceOfRepeatedExperiments()
    {
        List<double> ratios = [];
        RatioMetric last = default;
        for (int experiment = 0; experiment < 400; experiment++)
        {
            Random random = new(experiment);
            last = default;
            for (int key = 0; key < 500; key++)
            {
                int views = 1 + random.Next(20);
                double taste = random.NextDouble();
                last = last.Add(Enumerable.Range(0, views).Count(_ => random.NextDouble() < taste), views);
            }

            ratios.Add(last.Ratio);
        }

        Assert.InRange(Math.Sqrt(last.Variance) / Moments.Of([.. ratios]).StandardDeviation, 0.87, 1.13);
    }

    [Fact]
    public void NonInferiority_EqualArms_IsProvenOnlyWithEnoughRows()
    {
        Moments many = new(10_000, 5, 9_999, 0, 0), few = new(20, 5, 19, 0, 0);
        Assert.Empty(NonInferiority.Unproven([("latency", many, many, 0.1)], 0.05));
        Assert.Equal(["latency"], NonInferiority.Unproven([("latency", few, few, 0.1)], 0.05));
    }

    [Fact]
    public void SequentialIntervals_NarrowAndHoldTheTruth()
    {
        (double lower, double upper) = SequentialProportions.Interval(100, 1000, 130, 1000, 0.05);
        (double narrowLower, double narrowUpper) = SequentialProportions.Interval(10_000, 100_000, 13_000, 100_000, 0.05);
        Assert.True(lower < 0.03 && upper > 0.03 && narrowLower > 0 && narrowUpper - narrowLower < (upper - lower) / 5);
        Assert.Equal(1, SequentialProportions.PValue(0, 0, 0, 0));
        Assert.True(SequentialProportions.PValue(10_000, 100_000, 13_000, 100_000) < 1e-12);
        Assert.True(SequentialProportions.PValue(0, 1000, 20, 1000) < 0.001);
    }
}
