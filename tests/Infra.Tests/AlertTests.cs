using System.Text.RegularExpressions;

namespace Mlops.Infra.Tests;

/// <summary>Alerts exist when somebody is to be told, look for texts that the app really logs, and name a runbook that exists.</summary>
public partial class AlertTests
{
    [Fact]
    public void Rules_ByName_AreThese() =>
        Assert.Equal(
            ["alert-dead-letters-arrivals", "alert-dead-letters-platform", "alert-drift", "alert-error-rate", "alert-latency", "alert-pipeline-failed", "alert-poison-queue"],
            Rules().Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Rules_Everywhere_NameARunbookThatExists()
    {
        foreach (var rule in Rules().Values)
        {
            var runbook = Runbook().Match((string)rule.At("properties.description")!).Value;
            Assert.True(runbook.Length > 0 && File.Exists(Repository.PathOf(runbook)), $"{rule.Name}: runbook '{runbook}' does not exist.");
        }
    }

    [Fact]
    public void Runbooks_InDocs_BelongToAnAlert()
    {
        var named = Rules().Values.Select(rule => Runbook().Match((string)rule.At("properties.description")!).Value).ToHashSet();
        Assert.Equal(named.Order(), Repository.Files("docs/runbooks", "*.md").Where(file => !file.EndsWith("/README.md", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Rules_Everywhere_TellTheActionGroup()
    {
        var group = Assert.Single(Scenario.Everything.OfType("Microsoft.Insights/actionGroups"));
        Assert.Equal("ops@example.org", group.At("properties.emailReceivers.0.emailAddress"));
        Assert.All(Rules().Values, rule => Assert.EndsWith($"/{group.Name}", (string)(rule.At("properties.actions.actionGroups.0") ?? rule.At("properties.actions.0.actionGroupId"))!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pipeline-failed", "pipeline failed:")]
    [InlineData("drift", "retraining request ")]
    public void Queries_ForTexts_MatchWhatTheAppLogs(string alert, string text)
    {
        Assert.Contains(text, Query(alert), StringComparison.Ordinal);
        Assert.Contains(LogTemplate().Matches(Repository.Read("functions/Hosting/Log.cs")), template => template.Groups["text"].Value.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void LogLines_InTelemetry_CarryTheTextThatQueriesLookFor() =>
        // Without it a record holds the template, in which "retraining request drift-" never stands.
        Assert.Contains("options.IncludeFormattedMessage = true;", Repository.Read("functions/Hosting/TelemetryRegistration.cs"), StringComparison.Ordinal);

    [Fact]
    public void DriftQuery_LooksFor_TheIdThatDriftEventsCarry()
    {
        Assert.Contains("\"retraining request drift-\"", Query("drift"), StringComparison.Ordinal);
        Assert.Contains("$\"drift-{summary.Id}\"", Repository.Read("functions/Monitoring/DriftMonitor.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void LatencyQuery_LooksFor_TheFunctionsThatPredict()
    {
        var functions = Repository.Files("functions", "*.cs").SelectMany(file => FunctionName().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value).ToArray();
        foreach (Match term in QueryTerm().Matches(Query("latency")))
        {
            Assert.Contains(functions, function => function.Contains(term.Groups["term"].Value, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static Dictionary<string, Bicep.DeployedResource> Rules() =>
        Scenario.Everything.OfType("Microsoft.Insights/scheduledQueryRules").Concat(Scenario.Everything.OfType("Microsoft.Insights/metricAlerts")).ToDictionary(rule => rule.Name);

    private static string Query(string alert) => (string)Rules()[$"alert-{alert}"].At("properties.criteria.allOf.0.query")!;

    [GeneratedRegex(@"docs/runbooks/[a-z-]+\.md")]
    private static partial Regex Runbook();

    [GeneratedRegex(@"LoggerMessage\(\d+, LogLevel\.\w+, ""(?<text>[^""]+)""")]
    private static partial Regex LogTemplate();

    [GeneratedRegex(@"Function\((?:nameof\((?<name>\w+)\)|""(?<name>\w+)"")\)")]
    private static partial Regex FunctionName();

    [GeneratedRegex(@"Name contains ""(?<term>\w+)""")]
    private static partial Regex QueryTerm();
}
