using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Traffic.Bandits;

namespace Mlops.Core.Tests.Traffic;

public class BanditTests
{
    [Fact]
    public void ThompsonBeta_TwoArms_HasTheProbabilityToBeBest()
    {
        // P(Beta(151, 851) > Beta(121, 881)) = 0.97507 by the closed form.
        double[] shares = BanditShares.ThompsonBeta([new ArmTotals(1000, 120, 120), new ArmTotals(1000, 150, 150)]);
        Assert.Equal(0.97507, shares[1], 0.01);
        Assert.Equal(1, shares.Sum(), 1e-12);
    }

    [Theory]
    [InlineData("beta")]
    [InlineData("normal")]
    [InlineData("ucb")]
    [InlineData("epsilon")]
    public void Shares_OverManyBatches_GoToTheBestArm_AndKeepTheMinimum(string policy)
    {
        double[] rates = [0.1, 0.3, 0.2];
        ArmTotals[] arms = new ArmTotals[3];
        Random random = new(1);
        double[] shares = [];
        int best = 0;
        for (int batch = 0; batch < 60; batch++)
        {
            shares = policy switch { "beta" => BanditShares.ThompsonBeta(arms, 0.02, batch), "normal" => BanditShares.ThompsonNormal(arms, 0.02, batch), "ucb" => BanditShares.Ucb1(arms, 0.02), _ => BanditShares.EpsilonGreedy(arms, 0.06) };
            Assert.All(shares, s => Assert.True(s >= 0.02 - 1e-12));
            Assert.Equal(1, shares.Sum(), 1e-9);
            for (int i = 0; i < 100; i++)
            {
                (int arm, double propensity) = BanditShares.Choose(shares, $"batch {batch}", $"key {i}");
                Assert.Equal(shares[arm], propensity);
                arms[arm] = arms[arm].Add(random.NextDouble() < rates[arm] ? 1 : 0);
                best += arm == 1 ? 1 : 0;
            }
        }

        Assert.True(best > 2800, $"The best arm had {best} of 6,000.");
    }

    [Fact]
    public void ArmTotals_OfInstances_MergeAndDiscount()
    {
        ArmTotals a = default(ArmTotals).Add(1).Add(0), b = default(ArmTotals).Add(2);
        Assert.Equal(new ArmTotals(3, 3, 5), a.Merge(b));
        Assert.Equal(a.Merge(b), b.Merge(a));
        Assert.Equal(a, a.Add(double.NaN).Add(double.PositiveInfinity));
        Assert.Equal(new ArmTotals(1.5, 1.5, 2.5), a.Merge(b).Discount(0.5));
    }

    [Fact]
    public void OffPolicyValue_OfAKnownWorld_IsUnbiasedAndItsIntervalsHold()
    {
        double[] truth = [0.2, 0.5], logging = [0.8, 0.2], target = [0.3, 0.7];
        const double value = 0.3 * 0.2 + 0.7 * 0.5;
        List<double> estimates = [];
        int ips = 0, snips = 0, robust = 0;
        const int worlds = 300;
        for (int world = 0; world < worlds; world++)
        {
            Random random = new(world);
            List<LoggedChoice> log = [.. Enumerable.Range(0, 500).Select(_ =>
            {
                int arm = random.NextDouble() < logging[0] ? 0 : 1;
                return new LoggedChoice(logging[arm], target[arm], random.NextDouble() < truth[arm] ? 1 : 0, arm == 0 ? 0.25 : 0.4, 0.3 * 0.25 + 0.7 * 0.4);
            })];
            (double estimate, double lower, double upper) = OffPolicyValue.Ips(log);
            estimates.Add(estimate);
            ips += lower <= value && value <= upper ? 1 : 0;
            (_, lower, upper) = OffPolicyValue.Snips(log);
            snips += lower <= value && value <= upper ? 1 : 0;
            (_, lower, upper) = OffPolicyValue.DoublyRobust(log);
            robust += lower <= value && value <= upper ? 1 : 0;
        }

        Assert.Equal(value, estimates.Average(), 4 * Moments.Of([.. estimates]).StandardDeviation / Math.Sqrt(worlds));
        Assert.All(new[] { ips, snips, robust }, held => Assert.InRange(held, 268, 299));
    }

    [Fact]
    public void OffPolicyValue_ImpossiblePropensity_IsRefused() =>
        Assert.Throws<ArgumentException>(() => OffPolicyValue.Ips([new LoggedChoice(0, 0.5, 1)]));
}
