namespace Mlops.Infra.Tests;

/// <summary>With every option off nothing bills by the hour; every option that does is known to.</summary>
public class CostTests
{
    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    public void Deployment_EveryOptionOff_HasNoFixedPrice(string environmentType) =>
        Assert.Empty(Fixed(("environmentType", environmentType)));

    [Theory]
    [InlineData("alwaysReadyInstances", 1L, "Microsoft.Web/sites")]
    [InlineData("alertEmail", "ops@example.org", "Microsoft.Insights/scheduledQueryRules,Microsoft.Insights/metricAlerts")]
    [InlineData("privateNetworking", true, "Microsoft.Network/privateDnsZones,Microsoft.Network/privateEndpoints")]
    public void Option_On_BringsItsFixedPrice(string option, object value, string types) =>
        Assert.Equal(types.Split(',').Order(), Fixed((option, value)).Distinct().Order());

    [Theory]
    [InlineData("useDurableTaskScheduler", true)]
    [InlineData("ledgerImmutabilityDays", 365L)]
    [InlineData("principalId", "P")]
    public void Option_BilledByUse_BringsNoFixedPrice(string option, object value) => Assert.Empty(Fixed((option, value)));

    [Fact]
    public void Budget_WithAmountAndStart_IsDeployed()
    {
        var budget = Assert.Single(Scenario.With(("budgetAmount", 20L), ("budgetStartDate", "2026-12-01")).OfType("Microsoft.Consumption/budgets"));
        Assert.Equal(20L, budget.At("properties.amount"));
        Assert.Equal("2026-12-01", budget.At("properties.timePeriod.startDate"));
        Assert.Empty(Scenario.Default.OfType("Microsoft.Consumption/budgets"));
    }

    [Fact]
    public void Logs_PerDay_AreCapped() =>
        Assert.Equal(1L, Assert.Single(Scenario.Default.OfType("Microsoft.OperationalInsights/workspaces")).At("properties.workspaceCapping.dailyQuotaGb"));

    private static IEnumerable<string> Fixed(params (string, object?)[] options) =>
        Scenario.With(options).Resources.Where(resource => KnownTypes.MeterOf(resource) == Meter.Fixed).Select(resource => resource.Type);
}
