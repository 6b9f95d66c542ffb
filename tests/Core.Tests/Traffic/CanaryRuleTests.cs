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

    [Fact]
    public void Decide_CanarySlowInATenth_RollsBack_EvenBelowTheMargin()
    {
        CanaryWindow stable = new(1000, 0, LatencyHistogram.Of(Enumerable.Repeat(8.0, 1000)));
        CanaryWindow canary = new(1000, 0, LatencyHistogram.Of(Enumerable.Repeat(8.0, 900).Concat(Enumerable.Repeat(3000.0, 100))));
        CanaryDecision decision = CanaryRule.Decide(stable, canary, Options);
        Assert.Equal(CanaryVerdict.Rollback, decision.Verdict);
        Assert.Contains("slower", Assert.Single(decision.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_CanarySlowerByAStepOfTheScale_IsNotRolledBack()
    {
        CanaryWindow Window(double milliseconds, int requests) => new(requests, 0, LatencyHistogram.Of(Enumerable.Repeat(milliseconds, requests)));
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(Window(6.9, 5000), Window(9.9, 5000), Options).Verdict);
        Assert.Equal(CanaryVerdict.Rollback, CanaryRule.Decide(Window(6.9, 5000), Window(10.1, 5000), Options).Verdict);
    }

    [Fact]
    public void Decide_LatencyNotYetProven_HoldsAndNamesTheMargin()
    {
        CanaryWindow Window(int requests) => new(requests, 0, LatencyHistogram.Of(Enumerable.Range(0, requests).Select(i => i % 2 == 0 ? 1.5 : 400.0)));
        CanaryOptions options = Options with { ErrorMargin = 0.2 };
        CanaryDecision decision = CanaryRule.Decide(Window(120), Window(120), options);
        Assert.Equal(CanaryVerdict.Hold, decision.Verdict);
        Assert.Contains("less than 20% must be shown", Assert.Single(decision.Reasons), StringComparison.Ordinal);
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(Window(120), Window(120), options with { LatencyMargin = 1 }).Verdict);
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(Window(2000), Window(2000), options).Verdict);
    }

    [Fact]
    public void Decide_CanaryWrongMoreOften_RollsBack()
    {
        CanaryWindow Window(long labels, long wrong) => new(5000, 0) { Answers = new LabelledAnswers(labels, wrong) };
        Assert.Equal(CanaryVerdict.Rollback, CanaryRule.Decide(Window(100, 5), Window(100, 40), Options).Verdict);
        CanaryDecision guarded = CanaryRule.Decide(Window(100, 5), Window(100, 5), Options);
        Assert.Equal(CanaryVerdict.Promote, guarded.Verdict);
        Assert.Contains("No sign of lower quality", guarded.Reasons[^1], StringComparison.Ordinal);

        // With a margin, promotion waits for the proof.
        CanaryOptions asked = Options with { QualityMargin = 0.05 };
        Assert.Equal(CanaryVerdict.Hold, CanaryRule.Decide(Window(100, 5), Window(100, 5), asked).Verdict);
        Assert.Contains("qualityMargin", CanaryRule.Decide(Window(100, 5), Window(0, 0), asked).Reasons[0], StringComparison.Ordinal);
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(Window(4000, 200), Window(4000, 200), asked).Verdict);
    }

    [Fact]
    public void Decide_CanaryOffByMore_RollsBack()
    {
        CanaryOptions options = Options with { LossScale = 1 };
        CanaryWindow Window(int labels, double error) => new(5000, 0) { Answers = Enumerable.Range(0, labels).Aggregate(LabelledAnswers.None, (sum, i) => sum.AddNumber(error * (0.5 + (i % 11 / 10.0)), options.LargestLoss)) };
        Assert.Equal(CanaryVerdict.Rollback, CanaryRule.Decide(Window(200, 1), Window(200, 3), options).Verdict);
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(Window(9, 1), Window(9, 3), options).Verdict);
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(Window(200, 1), Window(200, 1), options).Verdict);
        Assert.Equal(CanaryVerdict.Hold, CanaryRule.Decide(Window(200, 1), Window(200, 1), options with { QualityMargin = 0.05 }).Verdict);
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(Window(2000, 1), Window(2000, 1), options with { QualityMargin = 0.3 }).Verdict);

        // Without errors at all there is still no proof that there will be none.
        Assert.Equal(CanaryVerdict.Hold, CanaryRule.Decide(Window(30, 0), Window(30, 0), options with { QualityMargin = 0.1 }).Verdict);
        Assert.Contains("not known", CanaryRule.Decide(Window(200, 1), Window(200, 1), Options with { QualityMargin = 0.3 }).Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_OneErrorBeyondAllMeasure_CountsTenTimesTheUsualOne()
    {
        CanaryOptions options = Options with { LossScale = 1 };
        LabelledAnswers usual = Enumerable.Range(0, 500).Aggregate(LabelledAnswers.None, (sum, i) => sum.AddNumber(0.5 + (i % 11 / 10.0), options.LargestLoss));
        CanaryWindow stable = new(5000, 0) { Answers = usual }, canary = new(5000, 0) { Answers = usual.AddNumber(1e300, options.LargestLoss) };
        Assert.Equal(((usual.Loss.Mean * 500) + 10) / 501, canary.Answers.Loss.Mean, 1e-12);
        Assert.Equal(CanaryVerdict.Promote, CanaryRule.Decide(stable, canary, options).Verdict);
    }

    [Fact]
    public void Decide_ImpossibleAnswers_AreRefused() =>
        Assert.Throws<ArgumentException>(() => CanaryRule.Decide(CanaryWindow.Empty, new CanaryWindow(1, 0) { Answers = new LabelledAnswers(1, 2) }, Options));

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
