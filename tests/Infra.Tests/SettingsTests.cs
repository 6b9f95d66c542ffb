using System.Text.Json;
using System.Text.RegularExpressions;
using Mlops.Infra.Tests.Bicep;
using Mlops.Storage;
using Mlops.Storage.Costs;
using Mlops.Storage.Notifications;
using Mlops.Storage.Retraining;
using NCrontab;

namespace Mlops.Infra.Tests;

/// <summary>Every setting that the code reads is set by the template, and every setting of the template is read.</summary>
public partial class SettingsTests
{
    // Settings that something other than our code reads, and what does.
    private static readonly IReadOnlyDictionary<string, string> ReadElsewhere = new Dictionary<string, string>
    {
        ["AzureWebJobsStorage__credential"] = "Functions host",
        ["MlopsStorage__credential"] = "storage extension, for the triggers' connection",
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "Functions host",
        ["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"] = "Durable Task Scheduler extension, by the name in connectionStringName",
        ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"] = "Functions host, over host.json",
        ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName"] = "Functions host, over host.json",
    };

    // Settings that exist on one machine only, where Azure has an identity instead.
    private static readonly string[] LocalOnly = ["MlopsStorage", "MlopsEvents__topicKey", "MlopsWebhookLoopback", "AzureWebJobsStorage", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    // Variables by which the platform tells where the app runs and what stands before it; nobody sets them.
    private static readonly string[] OfThePlatform = ["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "WEBSITE_AUTH_ENABLED"];

    // Settings that the app reads where this test cannot run it.
    private static readonly string[] ReadAtStart = ["APPLICATIONINSIGHTS_CONNECTION_STRING", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    [Fact]
    public void Settings_ThatCodeReads_AreSetByTheTemplate()
    {
        var template = Template(Scenario.Default).Keys;
        Assert.Empty(ReadByCode(Template(Scenario.Default)).Except(template).Except(LocalOnly).Except(OfThePlatform));
    }

    [Fact]
    public void Settings_OfTheTemplate_AreReadBySomebody()
    {
        var read = ReadByCode(Template(Scenario.Default)).Concat(ReadElsewhere.Keys).ToHashSet();
        Assert.Empty(Template(Scenario.Everything).Keys.Except(read));
        Assert.Empty(ReadElsewhere.Keys.Except(Template(Scenario.Everything).Keys));
    }

    [Fact]
    public void Settings_OfTheTemplate_AreAllowedOnFlexConsumption() =>
        Assert.DoesNotContain(Template(Scenario.Everything).Keys, name =>
            name is "FUNCTIONS_EXTENSION_VERSION" or "FUNCTIONS_WORKER_RUNTIME" or "WEBSITE_TIME_ZONE" or "TZ" or "SCM_DO_BUILD_DURING_DEPLOYMENT" or "ENABLE_ORYX_BUILD"
            || name.StartsWith("WEBSITE_", StringComparison.Ordinal));

    [Fact]
    public void Settings_WithoutScheduler_LeaveHostJsonAlone()
    {
        Assert.DoesNotContain(Template(Scenario.Default).Keys, name => name.StartsWith("AzureFunctionsJobHost__", StringComparison.Ordinal) || name.StartsWith("DURABLE_", StringComparison.Ordinal));
        var connection = (string)Template(Scenario.Everything)["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"]!;
        using var host = JsonDocument.Parse(Repository.Read("host.json"));
        Assert.Contains($"TaskHub={host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("hubName").GetString()};", connection, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingNames_InSources_AreKnownToThisTest()
    {
        var known = ReadByCode(Template(Scenario.Default)).ToHashSet();
        var literals = from file in Sources()
                       from Match match in DirectRead().Matches(Repository.Read(file))
                       select (Name: match.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal), file);
        Assert.Empty(literals.Where(literal => !known.Contains(literal.Name)).Select(literal => $"{literal.file} reads {literal.Name}"));
        Assert.DoesNotContain(Sources(), file => EnvironmentRead().IsMatch(Repository.Read(file)));
    }

    [Fact]
    public void TriggerConnections_InSources_AreTheDataAccount()
    {
        var connections = Sources().SelectMany(file => TriggerConnection().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value).ToHashSet();
        Assert.Equal([nameof(StorageConnection) + "." + nameof(StorageConnection.Name)], connections);
        using var host = JsonDocument.Parse(Repository.Read("host.json"));
        Assert.Equal("AzureWebJobsStorage", host.RootElement.GetProperty("extensions").GetProperty("durableTask").GetProperty("storageProvider").GetProperty("connectionName").GetString());
    }

    [Fact]
    public void LocalSettings_Template_CarriesWhatTheAppNeeds()
    {
        using var json = JsonDocument.Parse(Repository.Read("functions/local.settings.template.json"));
        var values = json.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, object? (value) => value.Value.GetString());
        Assert.Equal("dotnet-isolated", values["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.Equal("UseDevelopmentStorage=true", values["AzureWebJobsStorage"]);
        var optional = new[] { "MlopsEvents__topicEndpointUri", "MlopsEvents__topicKey", "AZURE_CLIENT_ID", "MlopsWebhookSecret", "MlopsWebhookLoopback" }.Concat(OfThePlatform).Concat(ReadAtStart);
        Assert.Empty(ReadByCode(values).Except(values.Keys).Except(optional));
    }

    [Fact]
    public void DriftSchedule_Default_IsHourly()
    {
        var schedule = CrontabSchedule.Parse((string)Template(Scenario.Default)["MlopsDriftSchedule"]!, new CrontabSchedule.ParseOptions { IncludingSeconds = true });
        var first = schedule.GetNextOccurrence(new DateTime(2026, 1, 1, 0, 30, 0, DateTimeKind.Utc));
        Assert.Equal(TimeSpan.FromHours(1), schedule.GetNextOccurrence(first) - first);
    }

    // What the code asks for when it is given these settings: the connections are really made from them (nothing is contacted).
    private static HashSet<string> ReadByCode(IReadOnlyDictionary<string, object?> settings)
    {
        var read = new HashSet<string>();
        string? Setting(string name)
        {
            read.Add(name);
            return settings.TryGetValue(name, out var value) ? Plausible((string)value!) : null;
        }

        _ = new PlatformEvents(new StorageConnection(Setting), Setting);
        _ = InstanceMemory.Gigabytes(Setting);
        read.UnionWith(DirectRead().Matches(Repository.Read("functions/Access/AccessOptions.cs")).Select(match => match.Groups["name"].Value));
        _ = WebhookOptions.Read(Setting);
        _ = new StorageConnection(Setting, name: "AzureWebJobsStorage");
        read.UnionWith(ReadAtStart);
        read.UnionWith(Sources().SelectMany(file => BindingExpression().Matches(Repository.Read(file))).Select(match => match.Groups["name"].Value));
        return read;
    }

    private static string Plausible(string value) => value.StartsWith('<') ? "https://example.org/" : value;

    private static IReadOnlyDictionary<string, object?> Template(Deployment deployment) =>
        (IReadOnlyDictionary<string, object?>)Assert.Single(deployment.OfType("Microsoft.Web/sites/config"), config => config.Name.EndsWith("/appsettings", StringComparison.Ordinal)).At("properties")!;

    private static IEnumerable<string> Sources() => Repository.Files("functions", "*.cs").Concat(Repository.Files("storage", "*.cs"));

    [GeneratedRegex(@"""%(?<name>\w+)%""")]
    private static partial Regex BindingExpression();

    [GeneratedRegex(@"(?:[Ss]etting\(|onfiguration\[|GetSection\(|GetConnectionString\(|GetValue<[^>]+>\()""(?<name>[\w:]+)""")]
    private static partial Regex DirectRead();

    [GeneratedRegex(@"Environment\.GetEnvironmentVariables?\(")]
    private static partial Regex EnvironmentRead();

    [GeneratedRegex(@"\bConnection\s*=\s*(?<name>[\w.""]+)")]
    private static partial Regex TriggerConnection();
}
