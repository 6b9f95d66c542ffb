using Mlops.Core.Traffic;

namespace Mlops.Core.Tests.Traffic;

public class CanaryRuleTests
{
    private static readonly CanaryOptions Options = new();

    [Fact]
    public void Decide_NoTraffic_Waits() =>
        Assert.Equal(CanaryVerdict.Hold, CanaryRule.Decide(CanaryWindow.Empty, CanaryWindow.Empty, Options).Verdict);

    [Fact]
    public void Decide_CanaryFails_RollsBack()
    {
        CanaryDecision decision = CanaryRule.Decide(new CanaryWindow(900, 5), new CanaryWindow(100, 20), Options);
        Assert.Equal(CanaryVerdict.Rollback, decision.Verdict);
        Assert.Contains("20%", decision.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_HealthyCanary_HoldsThenPromotes()
    {
        Assert.Equal(CanaryVerdict.Hold, CanaryRule.Decide(new CanaryWindow(900, 0), new CanaryWindow(100, 0), Options).Verdict);
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(new CanaryWindow(9000, 0), new CanaryWindow(1000, 0), Options).Verdict);
    }

    [Fact]
    public void Decide_SlowCanary_RollsBack()
    {
        CanaryWindow stable = new(1000, 0, LatencyHistogram.Of(Enumerable.Repeat(8.0, 950).Concat(Enumerable.Repeat(80.0, 50))));
        CanaryWindow canary = new(200, 0, LatencyHistogram.Of(Enumerable.Repeat(8.0, 120).Concat(Enumerable.Repeat(80.0, 80))));
        Assert.Equal(CanaryVerdict.Rollback, CanaryRule.Decide(stable, canary, Options).Verdict);
    }

    [Theory]
    [InlineData(0.5, 0.02)]
    [InlineData(0.1, 0.002)]
    [InlineData(0.05, 0.2)]
    public void Decide_LookingAfterEveryRequest_RollsBackAHealthyCanaryNoMoreOftenThanAlpha(double share, double errorRate)
    {
        const int runs = 400, requests = 2000;
        CanaryOptions options = Options with { RollbackAlpha = 0.1 };
        Random random = new(11);
        int rollbacks = 0;
        for (int run = 0; run < runs; run++)
        {
            long[] n = [0, 0], errors = [0, 0];
            for (int i = 0; i < requests; i++)
            {
                int arm = random.NextDouble() < share ? 1 : 0;
                n[arm]++;
                errors[arm] += random.NextDouble() < errorRate ? 1 : 0;
                if (CanaryRule.Decide(new CanaryWindow(n[0], errors[0]), new CanaryWindow(n[1], errors[1]), options).Verdict == CanaryVerdict.Rollback)
                {
                    rollbacks++;
                    break;
                }
            }
        }

        // α = 0.1 of 400 is 40; 99.9 % of binomial samples at α stay at or below 59.
        Assert.InRange(rollbacks, 0, 59);
    }
}
