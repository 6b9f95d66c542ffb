using System.Text.Json;
using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Tests.Statistics;

/// <summary>Special functions and distributions against SciPy; generator: tests/golden/statistics/two_sample.py.</summary>
public class GoldenDistributionTests
{
    private static readonly JsonElement Values = Golden.Read("distributions.json");

    public static TheoryData<string, double> Functions => new()
    {
        { "norm_sf", 1e-11 }, { "norm_ppf", 1e-11 }, { "chi2_sf", 1e-9 }, { "t_sf", 1e-9 }, { "t_isf", 1e-8 }, { "f_sf", 1e-9 }, { "beta_cdf", 1e-9 }, { "beta_sf", 1e-9 },
        { "gammaincc", 1e-9 }, { "gammainc", 1e-9 }, { "binom_cdf", 1e-9 }, { "binom_atleast", 1e-9 }, { "kstwo_sf", 1e-9 }, { "smirnov", 1e-9 }, { "kolmogorov", 1e-9 }, { "lgamma", 1e-12 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Value_AtRandomArguments_EqualsScipy(string name, double tolerance)
    {
        JsonElement[] cases = [.. Values.GetProperty(name).EnumerateArray()];
        Assert.True(cases.Length >= 200);
        Golden.AllEqual(cases.Select(c => Golden.Numbers(c)).Select(c => Golden.Difference($"{name}({string.Join(", ", c[..^1])})", c[^1], Compute(name, c), tolerance, 1e-290)));
    }

    [Fact]
    public void UpperQuantile_OfStudentT_InvertsItsTail()
    {
        // SciPy's own inverse stops at 1e-9 relative, so the golden comparison is coarser and this one is the proof.
        foreach (double degrees in new[] { 1, 1.8, 4, 30, 1e5 })
        {
            for (double p = 1e-12; p < 0.5; p *= 3.7)
            {
                Assert.Null(Golden.Difference($"p = {p}, {degrees} degrees", p, StudentT.Sf(StudentT.UpperQuantile(p, degrees), degrees), 1e-12));
            }
        }
    }

    private static double Compute(string name, double[] c) => name switch
    {
        "norm_sf" => Normal.Sf(c[0]),
        "norm_ppf" => Normal.Quantile(c[0]),
        "chi2_sf" => ChiSquare.Sf(c[0], c[1]),
        "t_sf" => StudentT.Sf(c[0], c[1]),
        "t_isf" => StudentT.UpperQuantile(c[0], c[1]),
        "f_sf" => FDistribution.Sf(c[0], c[1], c[2]),
        "beta_cdf" => BetaFunctions.Regularized(c[1], c[2], c[0]),
        "beta_sf" => BetaFunctions.UpperRegularized(c[1], c[2], c[0]),
        "gammaincc" => GammaFunctions.UpperRegularized(c[0], c[1]),
        "gammainc" => GammaFunctions.LowerRegularized(c[0], c[1]),
        "binom_cdf" => Binomial.Cdf(c[0], c[1], c[2]),
        "binom_atleast" => Binomial.AtLeast(c[0], c[1], c[2]),
        "kstwo_sf" => Kolmogorov.Sf(c[0], c[1]),
        "smirnov" => Kolmogorov.OneSidedSf(c[0], c[1]),
        "kolmogorov" => Kolmogorov.LimitSf(c[0]),
        "lgamma" => GammaFunctions.LogGamma(c[0]),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown function."),
    };
}
