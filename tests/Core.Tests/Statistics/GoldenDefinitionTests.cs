using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Statistics.Experiments;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.Streams;
using Mlops.Core.Statistics.TwoSample;
using Mlops.Core.Statistics.Unlabelled;
using Mlops.Core.Traffic.Bandits;
using TestResult = Mlops.Core.Statistics.TwoSample.TestResult;

namespace Mlops.Core.Tests.Statistics;

/// <summary>What SciPy has no function for, against the papers' formulas in NumPy; generator: tests/golden/statistics/definitions.py.</summary>
public class GoldenDefinitionTests
{
    private static readonly JsonElement Root = Golden.Read("definitions.json");

    private static readonly Dictionary<string, (int Seed, Func<Source, double[]> Compute)> Statistics = new()
    {
        ["mmd"] = (1, g =>
        {
            (int n, int m, int d) = (g.Whole(2, 20), g.Whole(2, 20), g.Whole(1, 4));
            double shift = g.Next() * 2;
            double[][] Rows(int count, double by) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, d).Select(_ => g.Normal() + by).ToArray())];
            return [MaximumMeanDiscrepancy.Test(Rows(n, 0), Rows(m, shift), 1).Statistic];
        }),
        ["cuped"] = (1001, g =>
        {
            (int n, int m) = (g.Whole(3, 60), g.Whole(3, 60));
            double strength = g.Next() * 3;
            double[] x1 = g.Normals(n), y1 = [.. x1.Select(x => (strength * x) + g.Normal())], x2 = g.Normals(m), y2 = [.. x2.Select(x => (strength * x) + g.Normal() + 0.5)];
            (Moments first, Moments second, _) = Cuped.Adjust(y1, x1, y2, x2);
            return [first.Mean, first.Variance, second.Mean, second.Variance];
        }),
        ["ratio"] = (2001, g =>
        {
            (int n, int m) = (g.Whole(2, 80), g.Whole(2, 80));
            RatioMetric Keys(int count) => Enumerable.Range(0, count).Aggregate(default(RatioMetric), (sum, _) => sum.Add(g.Whole(0, 9), g.Whole(1, 20)));
            (RatioMetric first, RatioMetric second) = (Keys(n), Keys(m));
            return [first.Ratio, first.Variance, second.Ratio, second.Variance, RatioMetric.Test(first, second).PValue];
        }),
        ["non_inferiority"] = (3001, g =>
        {
            (int n, int m) = (g.Whole(2, 100), g.Whole(2, 100));
            double margin = g.Next();
            (double[] first, double[] second) = (g.Normals(n), g.Normals(m));
            return [NonInferiority.Test(Moments.Of(first), Moments.Of(second), margin).PValue];
        }),
        ["sequential_means"] = (4001, g =>
        {
            (int n, int m) = (g.Whole(30, 300), g.Whole(30, 300));
            (double shift, double scale) = (g.Next(), 0.05 + g.Next());
            Moments first = Moments.Of(g.Normals(n)), second = Moments.Of([.. g.Normals(m).Select(x => x + shift)]);
            (double lower, double upper) = SequentialMeans.Interval(first, second, scale, 0.05);
            return [SequentialMeans.PValue(first, second, scale), lower, upper];
        }),
        ["sequential_proportions"] = (5001, g =>
        {
            (int n, int m) = (g.Whole(1, 400), g.Whole(1, 400));
            (double p, double q) = (Math.Pow(g.Next(), 3), Math.Pow(g.Next(), 3));
            (int x, int y) = (Enumerable.Range(0, n).Count(_ => g.Next() < p), Enumerable.Range(0, m).Count(_ => g.Next() < q));
            return [x, y, SequentialProportions.PValue(x, n, y, m)];
        }),
        ["off_policy"] = (6001, g =>
        {
            int n = g.Whole(2, 100);
            LoggedChoice[] log = [.. Enumerable.Range(0, n).Select(_ => new LoggedChoice(0.1 + (0.9 * g.Next()), g.Next(), g.Normal(), g.Normal(), g.Normal()))];
            return [.. new[] { OffPolicyValue.Ips(log), OffPolicyValue.Snips(log), OffPolicyValue.DoublyRobust(log) }.SelectMany(v => new[] { v.Value, (v.Upper - v.Lower) / 2 })];
        }),
        ["psi"] = (8001, g =>
        {
            int bins = g.Whole(2, 30);
            long[] Counts() => [.. Enumerable.Range(0, bins).Select(_ => (long)g.Whole(5, 1000))];
            TestResult psi = PopulationStability.OfCounts(Counts(), Counts());
            return [psi.Statistic, psi.PValue];
        }),
        ["joint"] = (12001, g =>
        {
            double shift = g.Next() * 2;
            double[][] a = [.. Enumerable.Range(0, 40).Select(_ => new[] { g.Normal(), g.Normal() })], b = [.. Enumerable.Range(0, 40).Select(_ => new[] { g.Normal() + shift, g.Normal() * 2 })];
            static DataTable Table(double[][] rows) => new([new NumericColumn("x", [.. rows.Select(r => r[0])]), new NumericColumn("y", [.. rows.Select(r => r[1])])]);
            (double auc, _, _, double p) = ClassifierTwoSample.Test(Table(a), Table(b), [.. Enumerable.Range(0, 80).OrderBy(i => i % 2)]);
            return [auc, p];
        }),
        ["group_sequential"] = (13001, g =>
        {
            (int looks, bool pocock, double alpha) = (g.Whole(1, 5), g.Next() < 0.5, new[] { 0.01, 0.05, 0.1 }[g.Whole(0, 2)]);
            double smallest = (g.Seed - 13001) % 4 == 0 ? 0.005 : 0.05;
            double[] shares = [.. Enumerable.Range(0, looks).Select(_ => smallest + g.Next())];
            double whole = shares.Sum() + (g.Next() * 0.2), sum = 0;
            return [.. GroupSequential.Boundaries([.. shares.Select(share => (sum += share) / whole)], alpha, pocock ? SpendingFunction.Pocock : SpendingFunction.OBrienFleming)];
        }),
    };

    public static TheoryData<string> Names => [.. Statistics.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Statistic_OfGeneratedInputs_EqualsItsDefinition(string name)
    {
        (int seed, Func<Source, double[]> compute) = Statistics[name];
        JsonElement[] cases = [.. Root.GetProperty(name).EnumerateArray()];
        Assert.True(cases.Length >= 200);
        Golden.AllEqual(cases.SelectMany((expected, i) => (expected.ValueKind == JsonValueKind.Array ? Golden.Numbers(expected) : [Golden.Number(expected)])
            .Zip(compute(new Source((uint)(seed + i))), (e, a) => Golden.Difference($"{name} {i}", e, a, 1e-9, 1e-12))));
    }

    [Fact]
    public void EstimatedAccuracy_OfDrawnLabels_IsItsExpectationWithinTheError()
    {
        int cases = 0;
        foreach (double[] expected in Root.GetProperty("cbpe").EnumerateArray().Select(Golden.Numbers))
        {
            Source g = new((uint)(7001 + cases++));
            double[] p = [.. Enumerable.Range(0, g.Whole(20, 200)).Select(_ => g.Next())];
            EstimatedMetric accuracy = EstimatedPerformance.Of(p, [.. p.Select(x => x > 0.5)], p, draws: 400, seed: cases).Accuracy;

            // 400 draws: the mean is within 4.5 standard errors, the interval within a third of 2 × 1.96 deviations.
            Assert.Equal(expected[0], accuracy.Value, 4.5 * expected[1] / 20);
            Assert.InRange((accuracy.Upper - accuracy.Lower) / (2 * 1.959963984540054 * expected[1]), 0.67, 1.33);
        }

        Assert.True(cases >= 200);
    }

    [Theory]
    [InlineData("cusum", 9001)]
    [InlineData("kswin", 11001)]
    public void Update_PublishedSettings_ReportsWhereThePlainRuleDoes(string name, int seed)
    {
        int cases = 0;
        foreach (JsonElement expected in Root.GetProperty(name).EnumerateArray())
        {
            Source g = new((uint)(seed + cases++));
            double shift = name == "cusum" ? g.Next() * 2 : 0;
            double[] values = [.. Enumerable.Range(0, name == "cusum" ? 700 : 600).Select(i => name == "cusum" ? g.Normal() + (i >= 300 ? shift : 0) : (g.Normal() * (i >= 250 ? 3 : 1)) + (i >= 400 ? 1 : 0))];
            StreamDetector detector = name == "cusum" ? Cusum.Published() : Kswin.Published();
            Assert.Equal(expected.EnumerateArray().Select(e => e.GetInt32()), Enumerable.Range(0, values.Length).Where(i => detector.Update(values[i]) == StreamSignal.Drift));
        }

        Assert.True(cases >= 200);
    }

    /// <summary>The generator of definitions.py.</summary>
    private sealed class Source(uint seed)
    {
        private readonly Lcg _random = new(seed);

        public uint Seed => seed;

        public double Next() => _random.Next();

        public double Normal() => _random.Twelve() - 6;

        public double[] Normals(int count) => [.. Enumerable.Range(0, count).Select(_ => Normal())];

        public int Whole(int low, int high) => low + (int)(Next() * (high - low + 1));
    }
}
