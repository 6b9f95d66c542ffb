using System.Text.Json;
using Mlops.Core.Statistics.Experiments;
using Mlops.Core.Statistics.Gates;

namespace Mlops.Core.Tests.Statistics;

public class GateTests
{
    [Fact]
    public void DeLong_AgainstItsDefinition_IsEqual() => Golden.AllEqual(Golden.Read("experiments-generated.json").GetProperty("auc").EnumerateArray().SelectMany(c =>
    {
        double[] s1 = Golden.Numbers(c.GetProperty("s1")), s2 = Golden.Numbers(c.GetProperty("s2"));
        bool[] labels = [.. c.GetProperty("labels").EnumerateArray().Select(l => l.GetInt32() == 1)];
        (double auc, double error) = DeLong.Auc(s1, labels);
        (double difference, double lower, double upper, _) = DeLong.Compare(s1, s2, labels);
        double half = 1.959963984540054 * Math.Sqrt(Math.Max(0, c.GetProperty("var").GetDouble()));
        return new[]
        {
            Golden.Difference("auc", c.GetProperty("auc").GetDouble(), auc), Golden.Difference("error", c.GetProperty("se").GetDouble(), error, 1e-9, 1e-9),
            Golden.Difference("difference", c.GetProperty("d").GetDouble(), difference), Golden.Difference("half", half, (upper - lower) / 2, 1e-9, 1e-7),
        };
    }));

    [Fact]
    public void McNemarBounds_AgainstTheirDefinition_AreEqual() => Golden.AllEqual(Golden.Read("experiments-generated.json").GetProperty("paired_accuracy").EnumerateArray().Select(Golden.Numbers).SelectMany(c =>
    {
        (double lower, double upper) = McNemar.Bounds((long)c[0], (long)c[1], (long)c[2], c[3]);
        string what = $"{c[0]} : {c[1]} of {c[2]} at {c[3]}";
        return new[] { Golden.Difference(what + " lower", c[4], lower, 1e-9, 1e-9), Golden.Difference(what + " upper", c[5], upper, 1e-9, 1e-9) };
    }));

    [Theory]
    [InlineData(0.05, 0.02, 0.08, 0, GateVerdict.Promote)]
    [InlineData(-0.05, -0.08, -0.02, 0, GateVerdict.Reject)]
    [InlineData(0.05, -0.05, 0.15, 0, GateVerdict.Inconclusive)]
    [InlineData(-0.005, -0.009, -0.001, 0.01, GateVerdict.Promote)]
    [InlineData(-0.15, -0.18, -0.12, 0.1, GateVerdict.Reject)]
    [InlineData(0, 0, 0, 0, GateVerdict.Reject)]
    [InlineData(0, 0, 0, 0.1, GateVerdict.Promote)]
    [InlineData(0.1, double.NaN, double.NaN, 0, GateVerdict.Inconclusive)]
    public void Decide_Interval_GivesTheVerdict(double difference, double lower, double upper, double margin, GateVerdict expected) =>
        Assert.Equal(expected, GateRule.Decide(difference, lower, upper, 100, margin, 0.05).Verdict);

    [Fact]
    public void Decide_Inconclusive_SaysHowManyMoreRows()
    {
        // Standard error 0.1/1.645; (1.645 + 0.842)² of its ratio to the difference, times 100 rows.
        GateDecision decision = GateRule.Decide(0.05, -0.05, 0.15, 100, 0, 0.05);
        Assert.Equal(815, decision.MoreRows);
        Assert.Contains("needs about 815 more rows", decision.Reason, StringComparison.Ordinal);
        Assert.Null(GateRule.Decide(0, -0.05, 0.05, 100, 0, 0.05).MoreRows);
        Assert.Null(GateRule.Decide(double.NaN, double.NaN, double.NaN, 1, 0, 0.05).MoreRows);
    }

    [Fact]
    public void Bounds_SameSeed_AreTheSame_AndHoldTheMean()
    {
        double[] losses = Worlds.Numbers("normal", 300, 5);
        double Mean(int[] counts) => counts.Zip(losses, (c, l) => c * l).Sum() / 300;
        (double lower, double upper) = Bootstrap.Bounds(300, Mean, 0.025, 1000, 1);
        Assert.Equal((lower, upper), Bootstrap.Bounds(300, Mean, 0.025, 1000, 1));
        Assert.InRange(losses.Average(), lower, upper);
        Assert.Equal(2 * 1.96 / Math.Sqrt(300), upper - lower, 0.04);

        // Rarer than one resample: Student's interval, so wider than every resample.
        (double rareLower, double rareUpper) = Bootstrap.Bounds(300, Mean, 0.0001, 1000, 1);
        Assert.Equal(2 * 3.77 / Math.Sqrt(300), rareUpper - rareLower, 0.05);
        Assert.True(double.IsNaN(Bootstrap.Bounds(300, _ => double.NaN, 0.05, 1000, 1).Lower));
        Assert.True(double.IsNaN(Bootstrap.Bounds(1, _ => 1, 0.05, 1000, 1).Lower));
    }
}
