using Mlops.Core.Data;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.ChangePoints;
using Mlops.Core.Statistics.ServiceLevels;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;
using Mlops.Core.Statistics.Unlabelled;
using Mlops.Core.Traffic;

namespace Mlops.Core.Tests.Statistics;

public class SmallPartsTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(50_000)]
    [InlineData(1_000_000)]
    public void HyperLogLog_OfDistinctValues_IsWithinThreeStandardErrors(int n)
    {
        HyperLogLog sketch = new(), first = new(), second = new();
        for (int i = 0; i < n; i++)
        {
            ulong hash = StableHash.Of($"value {i}");
            sketch.Add(hash);
            (i % 3 == 0 ? first : second).Add(hash);
        }

        Assert.InRange(sketch.Estimate() / n, 1 - 0.025, 1 + 0.025);
        Assert.Equal(sketch.Estimate(), first.Union(second).Estimate());
        Assert.Equal(sketch.Estimate(), second.Union(first).Union(second).Estimate());
        Assert.Equal(0, new HyperLogLog().Estimate());
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("cauchy")]
    [InlineData("discrete")]
    [InlineData("mostly zero")]
    [InlineData("timestamps")]
    public void RadixSort_OfManyValues_IsThatOfTheRuntime(string world)
    {
        double[] values = [.. Worlds.Numbers(world, 20_000, 1), double.MaxValue, double.MinValue, double.Epsilon, -double.Epsilon, double.PositiveInfinity, double.NegativeInfinity];
        double[] expected = [.. values.Order()];
        RadixSort.Sort(values);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void FrequentItems_MergedInAnyOrder_KeepTheirErrorBound()
    {
        Random random = new(2);
        Dictionary<string, long> truth = [];
        List<FrequentItems> parts = [];
        for (int part = 0; part < 12; part++)
        {
            Dictionary<string, long> counts = [];
            for (int i = 0; i < 3000; i++)
            {
                string item = $"item {(int)Math.Exp(random.NextDouble() * 7)}";
                counts[item] = counts.GetValueOrDefault(item) + 1;
                truth[item] = truth.GetValueOrDefault(item) + 1;
            }

            parts.Add(FrequentItems.Of(counts));
        }

        foreach (FrequentItems merged in new[] { FrequentItems.Merge(parts), FrequentItems.Merge([.. parts.AsEnumerable().Reverse()]), FrequentItems.Merge([FrequentItems.Merge(parts[..5]), FrequentItems.Merge(parts[5..])]) })
        {
            Assert.InRange(merged.Counts.Count, 10, FrequentItems.Capacity);
            Assert.All(truth, t => Assert.InRange(t.Value - merged.Counts.GetValueOrDefault(t.Key), 0, merged.Error));
        }
    }

    [Fact]
    public void Moments_MergedParts_EqualThoseOfTheWhole()
    {
        double[] values = [.. Worlds.Numbers("lognormal", 5000, 9).Select(x => x + 1e6)];
        Moments whole = Moments.Of(values), merged = values.Chunk(37).Select(c => Moments.Of(c)).Aggregate((a, b) => a.Merge(b));
        Assert.Equal(whole.Count, merged.Count);
        Assert.Equal(1, merged.Mean / whole.Mean, 1e-12);
        Assert.Equal(1, merged.Variance / whole.Variance, 1e-9);
        Assert.Equal(1, merged.Skewness / whole.Skewness, 1e-6);
        Assert.Equal(1, merged.ExcessKurtosis / whole.ExcessKurtosis, 1e-6);
    }

    [Fact]
    public void Merge_OfProfilesOnOneReference_EqualsTheProfileOfTheUnion()
    {
        double[] values = Worlds.Numbers("lognormal", 6000, 1);
        DataTable Table(IEnumerable<double> v) => new([new NumericColumn("x", [.. v]), TextColumn.From("c", v.Select(x => x > 1 ? "big" : x > 0.2 ? "small" : null))]);
        TableProfile reference = TableProfile.Of(Table(Worlds.Numbers("lognormal", 3000, 2)));
        TableProfile whole = TableProfile.Of(Table(values), reference), merged = TableProfile.Merge([.. values.Chunk(700).Select(c => TableProfile.Of(Table(c), reference)).Reverse()]);
        Assert.Equal(whole.Columns[0].Histogram!.Counts, merged.Columns[0].Histogram!.Counts);
        Assert.True(merged.Columns[0].Histogram!.IsExact);
        Assert.Equal(whole.Columns[1].Items.Counts, merged.Columns[1].Items.Counts);
        Assert.Equal(whole.Columns[1].Missing, merged.Columns[1].Missing);
        Assert.Equal(whole.Columns[0].Distinct.Estimate(), merged.Columns[0].Distinct.Estimate());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"version\":9,\"rows\":1,\"columns\":[]}")]
    [InlineData("{\"version\":1,\"rows\":-1,\"columns\":[]}")]
    [InlineData("{\"version\":1,\"rows\":1,\"columns\":[{\"name\":\"x\",\"kind\":\"numeric\",\"rows\":1,\"missing\":2,\"distinct\":\"\"}]}")]
    [InlineData("{\"version\":1,\"rows\":1,\"columns\":[{\"name\":\"x\",\"kind\":\"numeric\",\"rows\":1,\"missing\":0,\"distinct\":\"AAAA\"}]}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]")]
    public void FromJson_HostileText_IsRefusedWithAMessage(string json) => Assert.Throws<FormatException>(() => TableProfile.FromJson(json));

    [Fact]
    public void Find_TwoChanges_ArePlacedNearby()
    {
        double[] noise = Worlds.Numbers("normal", 600, 3);
        double[] series = [.. noise.Select((x, i) => x + (i < 200 ? 0 : i < 430 ? 3 : -1))];
        IReadOnlyList<int> found = Pelt.Find(series);
        Assert.Equal(2, found.Count);
        Assert.InRange(found[0], 195, 205);
        Assert.InRange(found[1], 425, 435);
        Assert.Empty(Pelt.Find([1, 1, 1, 1, 1]));
        Assert.Empty(Pelt.Find([]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Find_AnySeries_CostsNoMoreThanTheBestOfAllSegmentations(int minimumLength)
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Random random = new(seed);
            double penalty = 0.5 + (random.NextDouble() * 6), level = 0;
            double[] series = [.. Enumerable.Range(0, 8 + random.Next(40)).Select(_ => (level = random.NextDouble() < 0.15 ? (random.NextDouble() * 6) - 3 : level) + (random.NextDouble() * 2) - 1)];
            double[] steps = [.. series.Skip(1).Zip(series, (a, b) => Math.Abs(a - b)).Order()];
            double sigma = steps[steps.Length / 2] / (0.6744897501960817 * Math.Sqrt(2));
            double Cost(int from, int to) => series[from..to].Sum(v => (v - series[from..to].Average()) * (v - series[from..to].Average())) / (sigma * sigma);
            double[] best = [-penalty, .. Enumerable.Repeat(double.PositiveInfinity, series.Length)];
            for (int end = minimumLength; end <= series.Length; end++)
            {
                best[end] = Enumerable.Range(0, end - minimumLength + 1).Min(start => best[start] + Cost(start, end) + penalty);
            }

            int[] found = [0, .. Pelt.Find(series, penalty, minimumLength), series.Length];
            Assert.Equal(best[^1], found.Zip(found.Skip(1), (from, to) => Cost(from, to) + penalty).Sum() - penalty, 1e-9);
        }

        Assert.Throws<ArgumentException>(() => Pelt.Find([1, 2, double.NaN, 3, 4]));
    }

    [Fact]
    public void Rank_LossFromOneSlice_NamesItFirst_AndTermsSumToTheChange()
    {
        Random random = new(1);
        DataTable Table(int seed) => new([TextColumn.From("region", Enumerable.Range(0, 3000).Select(i => "abc"[(i * 7 + seed) % 3].ToString())), new NumericColumn("x", Worlds.Numbers("normal", 3000, seed))]);
        DataTable reference = Table(1), window = Table(2);
        double[] before = [.. Enumerable.Range(0, 3000).Select(_ => random.NextDouble())];
        double[] after = [.. Enumerable.Range(0, 3000).Select(i => random.NextDouble() + (window["region"].Text(i) == "b" ? 2 : 0))];
        LossProfile losses = LossProfile.Cut(reference, ["region", "x"], before, isShare: false);
        IReadOnlyList<LossContribution> ranked = RootCause.Rank(losses, losses.Of(window, after), 100);
        Assert.Equal(("region", "b"), (ranked[0].Column, ranked[0].Slice));
        Assert.True(ranked[0].AdjustedPValue < 1e-9);
        Assert.Equal(["region", "x"], ranked.Select(s => s.Column).Distinct());
        foreach (IGrouping<string, LossContribution> column in ranked.GroupBy(s => s.Column))
        {
            Assert.Equal(after.Average() - before.Average(), column.Sum(s => s.Mix + s.Rate), 1e-9);
        }
    }

    [Fact]
    public void Compare_MovedColumnAndCategory_RanksTheSlicesThatChanged()
    {
        DataTable Table(int seed, double shift, string more) => new([
            new NumericColumn("x", [.. Worlds.Numbers("normal", 2000, seed).Select(v => v + shift)]), new NumericColumn("calm", Worlds.Numbers("normal", 2000, seed + 10)),
            TextColumn.From("region", Enumerable.Range(0, 2000).Select(i => i % 10 < 3 ? more : "a"))]);
        DriftReport report = DriftTest.Compare(Table(1, 0, "b"), Table(2, 0.3, "<c>"), new DriftOptions());

        Assert.Equal(10, report.Causes.Count);
        Assert.Equal(["<c>", "b"], report.Causes.Take(2).Select(c => c.Slice).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(report.Causes, c => c.Column == "calm");
        Assert.Equal(report.Causes.OrderByDescending(c => c.Drift), report.Causes);
        Assert.Contains("region: &lt;c&gt;: 0.0% → 30.0% of the values", report.ToHtml("t"), StringComparison.Ordinal);
        Assert.Equal(report.ToJson(), DriftReport.FromJson(report.ToJson()).ToJson());
        Assert.Empty(DriftTest.Compare(Table(1, 0, "b"), Table(2, 0, "b"), new DriftOptions()).Causes);
    }

    [Fact]
    public void Evaluate_BurningBudget_PagesAndEndsSoonAfter()
    {
        DateTimeOffset now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
        List<ServiceMinute> Minutes(int badFrom, int badTo) => [.. Enumerable.Range(1, 3 * 1440).Select(ago => new ServiceMinute(now.AddMinutes(-ago), 100, ago >= badTo && ago <= badFrom ? 20 : 0))];
        Assert.Equal(BurnSeverity.Page, BurnRateAlert.Evaluate(Minutes(30, 1), now, 0.999).Severity);
        Assert.Equal(BurnSeverity.None, BurnRateAlert.Evaluate(Minutes(0, 1), now, 0.999).Severity);
        Assert.NotEqual(BurnSeverity.Page, BurnRateAlert.Evaluate(Minutes(50, 40), now, 0.999).Severity);
        Assert.True(double.IsNaN(BurnRateAlert.Evaluate([], now, 0.999).BurnRate));
    }

    [Theory]
    [InlineData(250, 30)]
    [InlineData(300, 30)]
    [InlineData(20, 50)]
    [InlineData(60_000, 10)]
    public void SlowerThan_CountsWhatALatencyObjectiveCallsBad_NeverTooFew(double objective, long bad)
    {
        LatencyHistogram histogram = LatencyHistogram.Of([.. Enumerable.Repeat(15.0, 50), .. Enumerable.Repeat(250.0, 20), .. Enumerable.Repeat(900.0, 20), .. Enumerable.Repeat(70_000.0, 10)]);
        Assert.Equal(bad, histogram.SlowerThan(objective));
        DateTimeOffset now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(BurnSeverity.Page, BurnRateAlert.Evaluate([new ServiceMinute(now.AddMinutes(-2), histogram.Total, histogram.SlowerThan(objective))], now, 0.995).Severity);
    }

    [Fact]
    public void EstimatedPerformance_OfCalibratedProbabilities_HoldsTheTruth()
    {
        int held = 0;
        for (int world = 0; world < 60; world++)
        {
            Random random = new(world);
            double[] p = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
            bool[] predicted = [.. p.Select(x => x > 0.5)], truth = [.. p.Select(x => random.NextDouble() < x)];
            EstimatedPerformance estimate = EstimatedPerformance.Of(p, predicted, p, draws: 200, seed: world);
            double accuracy = truth.Zip(predicted, (t, y) => t == y ? 1.0 : 0).Average();
            held += accuracy >= estimate.Accuracy.Lower && accuracy <= estimate.Accuracy.Upper ? 1 : 0;
            Assert.Equal(5.0 / 6, estimate.Auc.Value, 0.06);
        }

        Assert.InRange(held, 50, 60);
    }

    [Fact]
    public void IsotonicCalibration_OfDistortedScores_RestoresProbabilities()
    {
        Random random = new(1);
        double[] p = [.. Enumerable.Range(0, 40_000).Select(_ => random.NextDouble())], scores = [.. p.Select(x => x * x)];
        IsotonicCalibration calibration = IsotonicCalibration.Fit(scores, [.. p.Select(x => random.NextDouble() < x)]);
        Assert.All(new[] { 0.1, 0.3, 0.5, 0.8 }, x => Assert.Equal(x, calibration.Apply(x * x), 0.05));
        Assert.True(calibration.Apply(-1) <= calibration.Apply(2));
    }

    [Fact]
    public void RegressionErrorModel_WhenPredictionsMove_FollowsTheErrors()
    {
        Random random = new(1);
        double[] predictions = [.. Enumerable.Range(0, 5000).Select(_ => random.NextDouble() * 10)];
        double[] truth = [.. predictions.Select(p => p + p * Worlds.Normal(random))];
        RegressionErrorModel model = RegressionErrorModel.Fit(predictions, truth);
        double[] high = [.. predictions.Where(p => p > 8)];
        EstimatedMetric estimate = model.Estimate(high);
        Assert.Equal(9 * Math.Sqrt(2 / Math.PI), estimate.Value, 0.5);
        Assert.InRange(estimate.Value, estimate.Lower, estimate.Upper);
    }

    [Fact]
    public void ClassifierTwoSample_OnlyTheCorrelationChanged_IsFound()
    {
        DataTable Table(int seed, double correlation)
        {
            double[] x = Worlds.Numbers("normal", 1500, seed), e = Worlds.Numbers("normal", 1500, seed + 50);
            return new([new NumericColumn("x", x), new NumericColumn("y", [.. x.Zip(e, (a, b) => correlation * a + Math.Sqrt(1 - correlation * correlation) * b)])]);
        }

        Assert.True(ClassifierTwoSample.Test(Table(1, 0.9), Table(2, 0)).PValue < 1e-6);
        Assert.True(ClassifierTwoSample.Test(Table(1, 0.9), Table(2, 0.9)).PValue > 0.01);
    }

    [Fact]
    public void MaximumMeanDiscrepancy_MovedRows_AreFound()
    {
        double[][] Rows(int seed, double shift) => [.. Worlds.Numbers("normal", 60, seed).Chunk(2).Select(c => new[] { c[0] + shift, c[1] })];
        Assert.True(MaximumMeanDiscrepancy.Test(Rows(1, 0), Rows(2, 2), 199).PValue <= 0.005);
        Assert.True(MaximumMeanDiscrepancy.Test(Rows(1, 0), Rows(2, 0), 199).PValue > 0.01);
    }

    [Fact]
    public void Persistence_ThreeOfFive_HasTheAlarmChanceAsked()
    {
        double alpha = Persistence.WindowAlpha(0.001, 3, 5);
        Assert.Equal(0.001, Mlops.Core.Statistics.Distributions.Binomial.AtLeast(3, 5, alpha), 1e-12);
        Assert.True(Persistence.IsAlarm([true, false, true, true], 3, 5));
        Assert.False(Persistence.IsAlarm([true, true, true, false], 3, 5));
        Assert.Equal(1.0 / 720, new DriftOptions().Alpha);
    }
}
