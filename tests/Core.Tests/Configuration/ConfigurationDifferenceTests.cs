using Mlops.Core.Configuration;

namespace Mlops.Core.Tests.Configuration;

public class ConfigurationDifferenceTests
{
    [Fact]
    public void Between_EqualSettings_IsEmpty_HoweverTheyAreWritten()
    {
        ConfigurationDifference difference = Between("training: {folds: 5}\n", "# the default\ntraining:\n  folds: 5\n");
        Assert.Empty(difference.Changes);
        Assert.False(difference.ChangesTraining || difference.ChangesChecks || difference.ChangesPromotions);
    }

    [Fact]
    public void Between_TwoConfigurations_NamesOldAndNewInTheOrderOfTheDocumentation() => Assert.Equal(
        ["target: by convention → \"churned\"", "training.folds: 5 → 8", "gates.floors: [] → [accuracy: 0.7]"],
        Between("", "gates: {floors: {accuracy: 0.7}}\ntraining: {folds: 8}\ntarget: churned\n").Changes.Select(change => $"{change.Key}: {change.Before} → {change.After}"));

    [Fact]
    public void EffectOf_EverySetting_IsStated() =>
        Assert.All(Settings.All, setting => Assert.All([true, false], splitIsSet => Assert.NotEmpty(ConfigurationDifference.EffectOf(setting.Key, splitIsSet))));

    [Fact]
    public void EffectOf_Holdout_IsNoneOnceTheSplitIsSet()
    {
        Assert.StartsWith("no effect", Effect("training: {holdout: 0.3}", splitIsSet: true), StringComparison.Ordinal);
        Assert.Contains("once for good", Effect("training: {holdout: 0.3}", splitIsSet: false), StringComparison.Ordinal);
        Assert.Contains("the split stays", Effect("training: {seed: 7}", splitIsSet: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("target: a", true, true, false)]
    [InlineData("ignore: [a]", true, true, false)]
    [InlineData("types: {a: text}", true, true, false)]
    [InlineData("training: {folds: 7}", true, false, false)]
    [InlineData("training: {data: newest}", true, true, false)]
    [InlineData("validation: {badRows: 0.2}", false, true, false)]
    [InlineData("gates: {alpha: 0.01}", false, false, true)]
    [InlineData("rollout: {bake: 1h}", false, false, false)]
    [InlineData("monitoring: {minRows: 50}", false, false, false)]
    [InlineData("retraining: {dailyBudget: 1}", false, false, false)]
    public void Between_BySection_SaysWhatItTouches(string yaml, bool training, bool checks, bool promotions)
    {
        ConfigurationDifference difference = Between("", yaml);
        Assert.Single(difference.Changes);
        Assert.Equal((training, checks, promotions), (difference.ChangesTraining, difference.ChangesChecks, difference.ChangesPromotions));
    }

    private static string Effect(string yaml, bool splitIsSet) => Assert.Single(Between("", yaml, splitIsSet).Changes).Effect;

    private static ConfigurationDifference Between(string before, string after, bool splitIsSet = false) =>
        ConfigurationDifference.Between(ModelConfiguration.Parse(before).Configuration!, ModelConfiguration.Parse(after).Configuration!, splitIsSet);
}
