using Mlops.Core.Access;

namespace Mlops.Core.Tests.Access;

public class ModelScopeTests
{
    [Theory]
    [InlineData("weather-*", "weather-eu", true)]
    [InlineData("weather-*", "weather-", true)]
    [InlineData("weather-*", "weather", false)]
    [InlineData("weather-*", "my-weather-eu", false)]
    [InlineData("churn", "churn", true)]
    [InlineData("churn", "churn-eu", false)]
    [InlineData("*-eu", "churn-eu", true)]
    [InlineData("a*b*c", "axxbyyc", true)]
    [InlineData("a*b*c", "axxcyyb", false)]
    [InlineData("*", "anything", true)]
    public void Allows_ByPattern(string pattern, string model, bool expected) => Assert.Equal(expected, Scope(pattern).Allows(model));

    [Fact]
    public void Allows_AnyOfSeveralPatterns()
    {
        ModelScope scope = Scope("churn", "weather-*");
        Assert.True(scope.Allows("churn"));
        Assert.True(scope.Allows("weather-us"));
        Assert.False(scope.Allows("fraud"));
        Assert.False(scope.IsAll);
        Assert.True(Scope("churn", "*").IsAll);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Weather")]
    [InlineData("a/b")]
    [InlineData("a?")]
    [InlineData("a\\*")]
    [InlineData("ä")]
    public void TryParse_RefusesWhatNoModelCouldBeCalled(string pattern)
    {
        Assert.False(ModelScope.TryParse([pattern], out _, out string? error));
        Assert.Contains("weather-*", error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_BoundsCountAndLength()
    {
        Assert.False(ModelScope.TryParse([], out _, out _));
        Assert.False(ModelScope.TryParse([.. Enumerable.Repeat("a", ModelScope.MaximumPatterns + 1)], out _, out _));
        Assert.False(ModelScope.TryParse([new string('a', 51)], out _, out _));
        Assert.False(ModelScope.TryParse([null!], out _, out _));
    }

    // Matching takes no exponential time: this would not end in the life of the universe if it did.
    [Fact]
    public void Allows_ManyStars_Ends() => Assert.False(Scope(string.Concat(Enumerable.Repeat("*a", 25))).Allows(new string('b', 50)));

    [Fact]
    public void RoleNames_AreReadAsWritten()
    {
        Assert.Equal(["reader", "predictor", "contributor", "approver", "admin"], RoleNames.All);
        Assert.All(RoleNames.All, name => Assert.True(RoleNames.TryParse(name, out Role role) && RoleNames.Of(role) == name));
        Assert.All((string?[])["none", "Admin", "5", "", " admin", "reader,admin", null], name => Assert.False(RoleNames.TryParse(name, out _)));
    }

    private static ModelScope Scope(params string[] patterns) => ModelScope.TryParse(patterns, out ModelScope? scope, out string? error) ? scope : throw new InvalidOperationException(error);
}
