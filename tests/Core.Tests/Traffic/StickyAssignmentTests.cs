using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Traffic;

namespace Mlops.Core.Tests.Traffic;

public class StickyAssignmentTests
{
    private static readonly TrafficPolicy Policy = new() { Model = "m", Champion = 1, Challenger = 2, ChallengerPercent = 10, Mode = TrafficMode.Split, Salt = "s" };

    [Fact]
    public void Choose_SameKey_NeverChanges()
    {
        // Pinned, and computed by an independent program: a change of the hash would move every user of every running experiment.
        Assert.Equal([2, 1, 1, 1], new[] { "user-10", "user-1", "", "ключ" }.Select(k => StickyAssignment.Choose(Policy, k)));
        Assert.Equal(0.6384024771410773, StickyAssignment.Position("salt", "key"));
        Assert.Equal(0.7653387244890256, StickyAssignment.Position("s", "ключ"));
    }

    [Fact]
    public void Choose_GrowingShare_OnlyAddsKeys()
    {
        TrafficPolicy larger = Policy with { ChallengerPercent = 35 };
        for (int i = 0; i < 20_000; i++)
        {
            if (StickyAssignment.Choose(Policy, $"k{i}") == 2)
            {
                Assert.Equal(2, StickyAssignment.Choose(larger, $"k{i}"));
            }
        }
    }

    [Theory]
    [InlineData("sequential")]
    [InlineData("padded")]
    [InlineData("email")]
    public void Position_OfSimilarKeys_IsUniformAndIndependentOfOtherSalts(string shape)
    {
        const int n = 200_000, bins = 16;
        int[,] counts = new int[bins, bins];
        for (int i = 0; i < n; i++)
        {
            string key = shape switch { "sequential" => $"{i}", "padded" => $"{i:d12}", _ => $"u{i}@example.com" };
            counts[(int)(StickyAssignment.Position("a", key) * bins), (int)(StickyAssignment.Position("b", key) * bins)]++;
        }

        double expected = (double)n / (bins * bins), statistic = 0;
        foreach (int count in counts)
        {
            statistic += (count - expected) * (count - expected) / expected;
        }

        Assert.InRange(ChiSquare.Sf(statistic, bins * bins - 1), 1e-4, 1 - 1e-4);
    }

    [Fact]
    public void Choose_OtherModes_LeaveTheAnswerToTheChampion()
    {
        Assert.Equal(1, StickyAssignment.Choose(Policy with { Mode = TrafficMode.Shadow, ChallengerPercent = 100 }, "k"));
        Assert.Equal(2, StickyAssignment.Shadow(Policy with { Mode = TrafficMode.Shadow, ChallengerPercent = 100 }, "k"));
        Assert.Equal(1, StickyAssignment.Choose(Policy with { Mode = TrafficMode.Champion, ChallengerPercent = 100 }, "k"));
        Assert.Equal(2, StickyAssignment.Choose(Policy with { ChallengerPercent = 100 }, "k"));
        Assert.Equal(1, StickyAssignment.Choose(Policy with { ChallengerPercent = 0 }, "k"));
    }
}
