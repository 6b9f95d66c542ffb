using System.Text.Json;
using Mlops.Core.Statistics.Experiments;
using Mlops.Core.Statistics.Sequential;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Tests.Statistics;

/// <summary>Confidence sequences against numerical integrals, planning against statsmodels, weighted distances against SciPy; generator: tests/golden/statistics/sequences.py.</summary>
public class GoldenSequenceTests
{
    private static readonly JsonElement Root = Golden.Read("sequences.json");

    [Fact]
    public void BernoulliBounds_EqualTheIntegratedMixture() => Golden.AllEqual(Cases("bernoulli").SelectMany(c =>
    {
        (double lower, double upper) = BernoulliConfidenceSequence.Bounds((long)c[0], (long)c[1], c[2]);
        string what = $"{c[0]} of {c[1]} at {c[2]}";
        return new[] { Golden.Difference(what + " lower", c[3], lower, 1e-9, 1e-11), Golden.Difference(what + " upper", c[4], upper, 1e-9, 1e-11) };
    }));

    [Fact]
    public void BoundedMeanBounds_EqualTheIntegratedMixture() => Golden.AllEqual(Cases("bounded_mean").SelectMany(c =>
    {
        (double lower, double upper) = BoundedMeanConfidenceSequence.Bounds(new Moments((long)c[0], c[1], c[2], 0, 0), c[3], c[4]);
        string what = $"{c[0]} values of mean {c[1]} up to {c[3]} at {c[4]}";

        // The search for the bound ends at 1e-9 of the largest value.
        return new[] { Golden.Difference(what + " lower", c[5], lower, 1e-9, 2e-9 * c[3]), Golden.Difference(what + " upper", c[6], upper, 1e-9, 2e-9 * c[3]) };
    }));

    [Fact]
    public void Newcombe_EqualsStatsmodels() => Golden.AllEqual(Cases("newcombe").SelectMany(c =>
    {
        (double lower, double upper) = Proportions.Newcombe((long)c[0], (long)c[1], (long)c[2], (long)c[3], c[4]);
        string what = $"{c[0]}/{c[1]} and {c[2]}/{c[3]}";
        return new[] { Golden.Difference(what + " lower", c[5], lower, 1e-9, 1e-12), Golden.Difference(what + " upper", c[6], upper, 1e-9, 1e-12) };
    }));

    [Fact]
    public void SampleSizesAndPower_EqualStatsmodels() => Golden.AllEqual(Cases("sizes").SelectMany(c =>
    {
        (double p1, double p2, double alpha, double power, double ratio) = (c[0], c[1], c[2], c[3], c[4]);
        return new[]
        {
            Golden.Difference("unpooled", c[5], SampleSize.OfProportions(p1, p2, alpha, power, ratio)), Golden.Difference("pooled", c[6], SampleSize.OfProportionsPooled(p1, p2, alpha, power, ratio)),
            Golden.Difference("arcsine", c[7], SampleSize.OfProportionsArcsine(p1, p2, alpha, power, ratio)), Golden.Difference("means", c[9], SampleSize.OfMeans(c[8], alpha, power, ratio)),
            Golden.Difference("power of proportions", c[11], SampleSize.PowerOfProportions(p1, p2, c[10], alpha, ratio)), Golden.Difference("power of means", c[12], SampleSize.PowerOfMeans(c[8], c[10], alpha, ratio)),
        };
    }));

    [Fact]
    public void WeightedWasserstein_EqualsScipy()
    {
        JsonElement[] cases = [.. Root.GetProperty("weighted_wasserstein").EnumerateArray()];
        Assert.True(cases.Length >= 200);
        Golden.AllEqual(cases.Select(c => Golden.Difference("wasserstein", c[4].GetDouble(), Wasserstein.Of(Golden.Numbers(c[0]), Golden.Numbers(c[1]), Golden.Numbers(c[2]), Golden.Numbers(c[3])), 1e-9, 1e-12)));
    }

    private static double[][] Cases(string name)
    {
        double[][] cases = [.. Root.GetProperty(name).EnumerateArray().Select(Golden.Numbers)];
        Assert.True(cases.Length >= 200);
        return cases;
    }
}
