using System.Text.Json;
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

    [Theory]
    [InlineData(0.05, 0.02, 0.08, 0, GateVerdict.Promote)]
    [InlineData(-0.05, -0.08, -0.02, 0, GateVerdict.Reject)]
    [InlineData(0.05, -0.05, 0.15, 0, GateVerdict.Inconclusive)]
    [InlineData(-0.005, -0.009, -0.001, -0.01, GateVerdict.Promote)]
    [InlineData(0.05, 0.02, 0.08, 0.1, GateVerdict.Reject)]
    public void Decide_Interval_GivesTheVerdict(double difference, double lower, double upper, double margin, GateVerdict expected) =>
        Assert.Equal(expected, GateRule.Decide(difference, lower, upper, 100, margin).Verdict);

    [Fact]
    public void Decide_Inconclusive_SaysHowManyMoreRows()
    {
        Assert.Equal(300, GateRule.Decide(0.05, -0.05, 0.15, 100).MoreRows);
        Assert.Null(GateRule.Decide(0, -0.05, 0.05, 100).MoreRows);
        Assert.Null(GateRule.Decide(double.NaN, double.NaN, double.NaN, 1).MoreRows);
    }

    [Fact]
    public void Interval_SameSeed_IsTheSame_AndHoldsTheDifference()
    {
        double[] losses = Worlds.Numbers("normal", 300, 5);
        var first = PairedBootstrap.Interval(300, rows => rows.Average(i => losses[i]));
        Assert.Equal(first, PairedBootstrap.Interval(300, rows => rows.Average(i => losses[i])));
        Assert.InRange(first.Difference, first.Lower, first.Upper);
        Assert.Equal(2 * 1.96 / Math.Sqrt(300), first.Upper - first.Lower, 0.04);
    }
}
