using System.Text.RegularExpressions;
using Mlops.Infra.Tests.Bicep;

namespace Mlops.Infra.Tests;

/// <summary>The deployment chapter says what the templates do.</summary>
public partial class DocsTests
{
    private static readonly string Chapter = Repository.Read("docs/deployment.md");

    [Fact]
    public void Readme_DeploymentChapter_HasTheCommandsOfTheGuide()
    {
        string chapter = Repository.Read("README.md").Split("## Deploying to Azure")[1].Split("\n## ")[0];
        string[] commands = chapter.Split("```sh\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(commands.Length >= 5, "The chapter has no commands.");
        Assert.All(commands, command => Assert.Contains(command + "\n", Chapter, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_OfTheChapter_AreTheVariablesOfTheParameterFile()
    {
        var documented = Section("### Options").SelectMany(line => Variable().Matches(line.Split('|').ElementAtOrDefault(1) ?? "")).Select(match => match.Groups["name"].Value);
        var variables = Substitution().Matches(Repository.Read("infra/main.parameters.json")).Select(match => match.Groups["name"].Value).Where(name => !name.StartsWith("AZURE_", StringComparison.Ordinal));
        Assert.Equal(variables.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Options_WithoutFixedPrice_SayNo()
    {
        // The column "fixed price" is held against the meters of what the option deploys.
        foreach (var (variable, option, value) in new (string, string, object)[]
        {
            ("ALERT_EMAIL", "alertEmail", "ops@example.org"), ("ALWAYS_READY_INSTANCES", "alwaysReadyInstances", 1L), ("PRIVATE_NETWORKING", "privateNetworking", true),
            ("USE_DURABLE_TASK_SCHEDULER", "useDurableTaskScheduler", true), ("LEDGER_IMMUTABILITY_DAYS", "ledgerImmutabilityDays", 30L), ("ENVIRONMENT_TYPE", "environmentType", "prod"),
        })
        {
            var price = Section("### Options").Single(line => line.StartsWith($"| `{variable}`", StringComparison.Ordinal)).Split('|')[4].Trim();
            var isFixed = Scenario.With((option, value)).Resources.Any(resource => KnownTypes.MeterOf(resource) == Meter.Fixed);
            Assert.True(isFixed != price.StartsWith("no", StringComparison.Ordinal), $"{variable}: the chapter says '{price}'.");
        }
    }

    [Fact]
    public void PrivateNetworking_InTheChapter_CountsItsEndpoints()
    {
        var on = Scenario.With(("privateNetworking", true));
        Assert.Equal((6, 3), (on.OfType("Microsoft.Network/privateEndpoints").Count, on.OfType("Microsoft.Network/privateDnsZones").Count));
        Assert.Contains("six endpoints, three DNS zones", Chapter, StringComparison.Ordinal);
        var alerts = Scenario.With(("alertEmail", "ops@example.org"));
        Assert.Equal((5, 2), (alerts.OfType("Microsoft.Insights/scheduledQueryRules").Count, alerts.OfType("Microsoft.Insights/metricAlerts").Count));
        Assert.Contains("five log alerts, two metric alerts", Chapter, StringComparison.Ordinal);
    }

    [Fact]
    public void Roles_OfTheChapter_AreThoseOfTheTemplates()
    {
        var documented = Section("### Who may do what").Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray())
            .Select(cells => $"{cells[1]} on {cells[2].Replace("*", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal)}: {cells[3]}");
        var deployed = Scenario.Everything.OfType("Microsoft.Authorization/roleAssignments").Select(assignment =>
        {
            var principal = (string)assignment.At("properties.principalId")!;
            var who = principal == "P" ? "who deploys" : principal.Contains("opic", StringComparison.Ordinal) ? "both topics" : "app";
            var scope = assignment.Scope!.Split('/');
            var on = scope[2] switch
            {
                "storageAccounts" when scope[^1] is "drop" or "releases" or "reports" => $"container {scope[^1]}",
                "storageAccounts" => scope[^1].StartsWith("stapp", StringComparison.Ordinal) ? "app account" : "data account",
                "topics" => "events topic",
                "components" => "Application Insights",
                _ => "Durable Task Scheduler (option)",
            };
            return $"{who} on {on}: {KnownRoles.Names[((string)assignment.At("properties.roleDefinitionId")!).Split('/')[^1]]}";
        });
        Assert.Equal(deployed.Distinct().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Proofs_OfThePromises_Exist()
    {
        var promises = Repository.Read("docs/promises.md");
        var classes = Repository.Files("tests", "*Tests.cs").Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();
        var named = TestClass().Matches(promises).Select(match => match.Groups["name"].Value).ToHashSet();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name => !classes.Contains(name));
        Assert.All(promises.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| **", StringComparison.Ordinal)).Skip(1), line => Assert.Contains(line.Split('|')[2].Trim(), new[] { "here", "template", "CI", "Azure" }));
    }

    [Fact]
    public void Answers_OfTheThreatModel_AreHeldByTestsThatExist()
    {
        var classes = Repository.Files("tests", "*Tests.cs").Select(file => Path.GetFileNameWithoutExtension(file)).ToHashSet();
        var rows = Repository.Read("docs/threat-model.md").Split('\n').SkipWhile(line => line != "## Threats and answers").TakeWhile(line => line != "## Accepted")
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| **", StringComparison.Ordinal)).Skip(1).ToArray();
        Assert.True(rows.Length > 20);
        Assert.All(rows, row => Assert.NotEmpty(TestClass().Matches(row.Split('|')[3])));
        Assert.DoesNotContain(rows.SelectMany(row => TestClass().Matches(row)).Select(match => match.Groups["name"].Value), name => !classes.Contains(name));
    }

    [Fact]
    public void Files_NamedInDocs_Exist()
    {
        var docs = new[] { "docs/deployment.md", "docs/promises.md", "docs/costs.md", "docs/model-ci.md", "docs/threat-model.md", "SECURITY.md" }.Concat(Repository.Files("docs/runbooks", "*.md"));
        foreach (var doc in docs)
        {
            Assert.All(FileName().Matches(Repository.Read(doc)).Select(match => match.Value), file => Assert.True(File.Exists(Repository.PathOf(file)), $"{doc} names {file}, which does not exist."));
        }
    }

    [Fact]
    public void Routes_InRunbooksAndScripts_AreRoutesOfTheApp()
    {
        var routes = Repository.Files("functions", "*.cs").SelectMany(file => Route().Matches(Repository.Read(file))).Select(match => Shape(match.Groups["route"].Value)).ToHashSet();
        var timers = Repository.Files("functions", "*.cs").SelectMany(file => FunctionName().Matches(Repository.Read(file))).Select(match => $"admin/functions/{match.Groups["name"].Value}");
        routes.UnionWith(timers);
        var used = from path in Repository.Files("docs/runbooks", "*.md").Append("docs/deployment.md").Append("docs/observability.md").Append("scripts/smoke.sh").Concat(Repository.Files("cli", "*.cs"))
                   from Match match in UsedRoute().Matches(Repository.Read(path))
                   select (path, Route: Shape(match.Groups["route"].Value));
        Assert.True(used.Count() > 15);
        Assert.Empty(used.Where(use => !routes.Contains(use.Route)).Select(use => $"{use.path}: {use.Route}"));
    }

    // Parts that stand for a name or an id become "*".
    private static string Shape(string route) => string.Join('/', route.Trim('/').Split('/').Select(part => part.StartsWith('{') || part.StartsWith('$') || part.All(char.IsUpper) ? "*" : part));

    private static IEnumerable<string> Section(string heading) =>
        Chapter.Split('\n').SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('#'));

    [GeneratedRegex(@"Route = ""(?<route>[^""]+)""")]
    private static partial Regex Route();

    [GeneratedRegex(@"Function\((?:nameof\((?<name>\w+)\)|""(?<name>\w+)"")\)")]
    private static partial Regex FunctionName();

    [GeneratedRegex(@"(?<![\w/])/?(?<route>(?:api/(?:data|tokens|models|pipelines|runs|quarantine|lineage|metrics|doctor)|v2|admin/functions)(?:/(?:\{[^}]*\([^)]*\)[^}]*\}|[\w$*{}-])+)*)(?![\w/])")]
    private static partial Regex UsedRoute();

    [GeneratedRegex(@"`(?<name>[A-Z_]{3,})`")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)")]
    private static partial Regex Substitution();

    [GeneratedRegex(@"`(?<name>\w+Tests)`")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"(?<![\w/.])(?:scripts|infra|tests|functions|pipelines|\.github)/[\w./-]+\.(?:sh|bicep|cs|yml)\b")]
    private static partial Regex FileName();
}
