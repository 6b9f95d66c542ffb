using System.Text.Json;
using Mlops.Core.Statistics.TwoSample;
using TestResult = Mlops.Core.Statistics.TwoSample.TestResult;

namespace Mlops.Core.Tests.Statistics;

/// <summary>Every two-sample statistic and p-value that SciPy has, on 300 pairs of samples and 240 tables; generator: tests/golden/statistics/two_sample.py.</summary>
public class GoldenTwoSampleTests
{
    private static readonly JsonElement Root = Golden.Read("two-sample.json");

    [Theory]
    [InlineData("ks-exact-two-sided")]
    [InlineData("ks-exact-greater")]
    [InlineData("ks-exact-less")]
    [InlineData("ks-asymp-two-sided")]
    [InlineData("ks-asymp-greater")]
    [InlineData("ks-asymp-less")]
    [InlineData("mann-whitney-two-sided")]
    [InlineData("mann-whitney-greater")]
    [InlineData("mann-whitney-less")]
    [InlineData("cramer-von-mises")]
    [InlineData("anderson-darling")]
    [InlineData("welch")]
    [InlineData("levene")]
    public void Test_OnSamples_EqualsScipy(string name)
    {
        List<string?> differences = [];
        int compared = 0;
        foreach (JsonElement c in Root.GetProperty("samples").EnumerateArray())
        {
            if (!c.GetProperty("expected").TryGetProperty(name, out JsonElement expected))
            {
                continue;
            }

            double[] e = Golden.Numbers(expected);
            (double[] a, double[] b) = Inputs(c);
            TestResult actual = Compute(name, a, b);
            if (double.IsNaN(e[1]) || double.IsInfinity(e[0]) || e[0] > 1e20)
            {
                // Undefined in SciPy, or rounding errors divided by each other; see UndefinedInputTests for what is defined here.
                continue;
            }

            compared++;
            string what = $"{name} n={a.Length} m={b.Length} {c.GetProperty("kind")} shift {c.GetProperty("shift")}";
            differences.Add(Golden.Difference(what + " statistic", e[0], actual.Statistic, 1e-9, 1e-12));

            // SciPy takes many p-values as 1 minus a sum, so small ones have fewer digits; its Cramér–von Mises series stops at terms of 1e-7.
            differences.Add(Golden.Difference(what + " p", e[1], actual.PValue, 1e-9, name switch { "cramer-von-mises" => 1e-6, "ks-asymp-two-sided" => 1e-11, _ => 1e-12 }));
        }

        Assert.True(compared >= 200, $"Only {compared} cases.");
        Golden.AllEqual(differences);
    }

    [Theory]
    [InlineData("wasserstein")]
    [InlineData("energy")]
    public void Distance_OnSamples_EqualsScipy(string name) => Golden.AllEqual(Root.GetProperty("samples").EnumerateArray().Select(c =>
    {
        (double[] a, double[] b) = Inputs(c);
        double actual = name == "wasserstein" ? Wasserstein.Of(a, b) : EnergyDistance.Of(a, b);
        return Golden.Difference($"{name} n={a.Length} m={b.Length} {c.GetProperty("kind")}", Golden.Number(c.GetProperty("expected").GetProperty(name)), actual, 1e-9, 1e-12);
    }));

    [Theory]
    [InlineData("chi-square")]
    [InlineData("g")]
    [InlineData("kl")]
    [InlineData("js")]
    [InlineData("hellinger")]
    [InlineData("tv")]
    [InlineData("linf")]
    [InlineData("fisher")]
    [InlineData("fisher-greater")]
    public void Test_OnCounts_EqualsScipy(string name)
    {
        int compared = 0;
        List<string?> differences = [];
        foreach (JsonElement c in Root.GetProperty("tables").EnumerateArray())
        {
            if (!c.GetProperty("expected").TryGetProperty(name, out JsonElement expected))
            {
                continue;
            }

            compared++;
            double[] e = expected.ValueKind == JsonValueKind.Array ? Golden.Numbers(expected) : [Golden.Number(expected)];
            double[] actual = Counts(name, Longs(c, "a"), Longs(c, "b"), Longs(c, "table"));
            differences.AddRange(e.Zip(actual, (x, y) => Golden.Difference($"{name} {c.GetProperty("a")} {c.GetProperty("b")} {c.GetProperty("table")}", x, y, 1e-9, 1e-14)));
        }

        Assert.True(compared >= 200, $"Only {compared} cases.");
        Golden.AllEqual(differences);
    }

    private static TestResult Compute(string name, double[] a, double[] b)
    {
        Alternative alternative = name.EndsWith("greater", StringComparison.Ordinal) ? Alternative.Greater : name.EndsWith("less", StringComparison.Ordinal) ? Alternative.Less : Alternative.TwoSided;
        return name switch
        {
            "cramer-von-mises" => CramerVonMises.Test(a, b),
            "anderson-darling" => AndersonDarling.Test(a, b),
            "welch" => WelchT.Test(a, b),
            "levene" => Levene.Test(a, b),
            _ when name.StartsWith("mann", StringComparison.Ordinal) => MannWhitney.Test(a, b, alternative),
            _ => KolmogorovSmirnovOf(name, a, b, alternative),
        };
    }

    private static TestResult KolmogorovSmirnovOf(string name, double[] a, double[] b, Alternative alternative)
    {
        double d = KolmogorovSmirnov.Statistic([.. a.Order()], [.. b.Order()], alternative);
        return new TestResult(d, name.Contains("exact", StringComparison.Ordinal)
            ? KolmogorovSmirnov.ExactPValue(d, a.Length, b.Length, alternative)
            : KolmogorovSmirnov.AsymptoticPValue(d, a.Length, b.Length, alternative));
    }

    private static double[] Counts(string name, long[] a, long[] b, long[] t)
    {
        double[] p = [.. a.Select(x => (double)x)], q = [.. b.Select(x => (double)x)];
        return name switch
        {
            "chi-square" => Three(ChiSquareTest.OfCounts(a, b, 0)),
            "g" => Three(GTest.OfCounts(a, b, 0)),
            "kl" => [Divergences.KullbackLeibler(p, q)],
            "js" => [Divergences.JensenShannon(p, q)],
            "hellinger" => [Divergences.Hellinger(p, q)],
            "tv" => [Divergences.TotalVariation(p, q)],
            "linf" => [Divergences.LInfinity(p, q)],
            "fisher" => [FisherExact.TwoSided(t[0], t[1], t[2], t[3])],
            _ => [FisherExact.Greater(t[0], t[1], t[2], t[3])],
        };

        static double[] Three(TestResult r) => [r.Statistic, r.PValue, r.Degrees];
    }

    private static (double[] A, double[] B) Inputs(JsonElement c)
    {
        string kind = c.GetProperty("kind").GetString()!;
        return (Golden.Sample(c.GetProperty("seedA").GetUInt32(), c.GetProperty("n").GetInt32(), kind, 0),
            Golden.Sample(c.GetProperty("seedB").GetUInt32(), c.GetProperty("m").GetInt32(), kind, c.GetProperty("shift").GetDouble()));
    }

    private static long[] Longs(JsonElement c, string key) => [.. c.GetProperty(key).EnumerateArray().Select(x => x.GetInt64())];
}
