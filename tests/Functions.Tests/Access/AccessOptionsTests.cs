using Mlops.Functions.Access;

namespace Mlops.Functions.Tests.Access;

public class AccessOptionsTests
{
    [Fact]
    public void Read_NothingSet_IsOn() => Assert.Equal(new AccessOptions { IsOn = true, TrustsPrincipalHeader = false, RequestsPerSecond = 200, AnonymousRequestsPerSecond = 20 }, Read());

    [Fact]
    public void Read_Off_OnlyOutsideAzure()
    {
        Assert.False(Read(("MlopsAuthentication", "off")).IsOn);
        Assert.Contains("runs in Azure", Assert.Throws<InvalidOperationException>(() => Read(("MlopsAuthentication", "off"), ("WEBSITE_INSTANCE_ID", "a"))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Read(("MlopsAuthentication", "off"), ("WEBSITE_SITE_NAME", "a")));
    }

    // Containers anywhere tell their name so; Azure is not the only place that has them.
    [Fact]
    public void Read_InSomeContainer_IsNotInAzure() => Assert.False(Read(("MlopsAuthentication", "off"), ("CONTAINER_NAME", "a")).IsOn);

    [Theory]
    [InlineData(null, null, "True", false)]
    [InlineData("a", null, null, false)]
    [InlineData("a", null, "False", false)]
    [InlineData("a", null, "1", false)]
    [InlineData("a", null, "True", true)]
    [InlineData(null, "a", "true", true)]
    public void Read_PrincipalHeader_IsTrustedOnlyBehindAppServiceAuthentication(string? instance, string? site, string? enabled, bool expected) =>
        Assert.Equal(expected, Read(("WEBSITE_INSTANCE_ID", instance), ("WEBSITE_SITE_NAME", site), ("WEBSITE_AUTH_ENABLED", enabled)).TrustsPrincipalHeader);

    [Theory]
    [InlineData("MlopsAuthentication", "false")]
    [InlineData("MlopsAuthentication", "Off")]
    [InlineData("MlopsRequestsPerSecond", "0")]
    [InlineData("MlopsRequestsPerSecond", "many")]
    [InlineData("MlopsAnonymousRequestsPerSecond", "-1")]
    public void Read_NoValidValue_NamesTheSetting(string name, string value)
    {
        string message = Assert.Throws<InvalidOperationException>(() => Read((name, value))).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", message, StringComparison.Ordinal);
    }

    private static AccessOptions Read(params (string Name, string? Value)[] settings) => AccessOptions.Read(name => settings.FirstOrDefault(setting => setting.Name == name).Value);
}
