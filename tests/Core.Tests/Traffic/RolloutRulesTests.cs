using Mlops.Core.Traffic;

namespace Mlops.Core.Tests.Traffic;

public class RolloutRulesTests
{
    [Theory]
    [InlineData(CanaryVerdict.Rollback, 0, false, RolloutMove.Withdraw)]
    [InlineData(CanaryVerdict.Rollback, 1, true, RolloutMove.Withdraw)]
    [InlineData(CanaryVerdict.Promote, 0, false, RolloutMove.Wait)]
    [InlineData(CanaryVerdict.Promote, 0, true, RolloutMove.Advance)]
    [InlineData(CanaryVerdict.Promote, 1, true, RolloutMove.Promote)]
    [InlineData(CanaryVerdict.Hold, 1, true, RolloutMove.Wait)]
    public void Next_FollowsTheVerdict(CanaryVerdict verdict, int step, bool baked, RolloutMove expected) =>
        Assert.Equal(expected, RolloutRules.Next(verdict, step, steps: 2, baked));

    [Fact]
    public void FirstLookAfter_DoesNotWaitForTheStepToEnd()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), RolloutRules.FirstLookAfter(TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.Zero, RolloutRules.FirstLookAfter(TimeSpan.Zero));
    }

    [Fact]
    public void LookAgainAfter_GrowsToFiveMinutes()
    {
        Assert.Equal(TimeSpan.FromSeconds(2), RolloutRules.LookAgainAfter(0));
        Assert.Equal(TimeSpan.FromMinutes(5), RolloutRules.LookAgainAfter(1_000));
    }
}
