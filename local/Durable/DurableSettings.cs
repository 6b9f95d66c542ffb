using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mlops.Local.Durable;

/// <summary>host.json's <c>extensions.durableTask</c>.</summary>
internal sealed partial record DurableSettings
{
    /// <summary>The task hub: prefix of its tables and container. 3–45 letters and digits, a letter first; <c>TestHubName</c> by default.</summary>
    public string HubName { get; init; } = "TestHubName";

    /// <summary>The setting that holds the storage connection.</summary>
    public string ConnectionName { get; init; } = "AzureWebJobsStorage";

    /// <summary>Activities that run at the same time; ten per core by default.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrators that take a turn at the same time; ten per core by default.</summary>
    public int MaxConcurrentOrchestrators { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Calls that an orchestrator may make in one turn.</summary>
    public int MaxActions { get; init; } = 100_000;

    /// <summary>True when a start may replace an instance that has not ended (<c>AnyState</c>); by default only ended ones are replaced (<c>NonRunningStates</c>).</summary>
    public bool ReplaceRunning { get; init; }

    /// <summary>The version of instances that are started without one; empty by default.</summary>
    public string DefaultVersion { get; init; } = "";

    /// <summary>How often the host looks for work that another process has stored. Work of this process never waits for it.</summary>
    public TimeSpan SafetyPoll { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads the section.</summary>
    /// <exception cref="InvalidDataException">A value is wrong; says which, what was found and what was expected.</exception>
    public static DurableSettings Read(JsonElement section)
    {
        var defaults = new DurableSettings();
        var storage = Find(section, "storageProvider") ?? default;
        var type = Text(storage, "storageProvider.type", "type") ?? "AzureStorage";
        if (!type.Equals("AzureStorage", StringComparison.OrdinalIgnoreCase) && !type.Equals("azure_storage", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong("storageProvider.type", type, "\"AzureStorage\" (the embedded host has no other)");
        }

        var hub = Text(section, "hubName", "hubName") ?? defaults.HubName;
        return defaults with
        {
            HubName = HubNames().IsMatch(hub) ? hub : throw Wrong("hubName", hub, "3 to 45 letters and digits, a letter first"),
            ConnectionName = Text(storage, "storageProvider.connectionName", "connectionName") ?? defaults.ConnectionName,
            MaxConcurrentActivities = Number(section, "maxConcurrentActivityFunctions", defaults.MaxConcurrentActivities),
            MaxConcurrentOrchestrators = Number(section, "maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestrators),
            MaxActions = Number(section, "maxOrchestrationActions", defaults.MaxActions),
            DefaultVersion = Text(section, "defaultVersion", "defaultVersion") ?? "",
            ReplaceRunning = (Text(section, "overridableExistingInstanceStates", "overridableExistingInstanceStates") ?? "NonRunningStates") switch
            {
                var s when s.Equals("NonRunningStates", StringComparison.OrdinalIgnoreCase) => false,
                var s when s.Equals("AnyState", StringComparison.OrdinalIgnoreCase) => true,
                var s => throw Wrong("overridableExistingInstanceStates", s, "\"NonRunningStates\" or \"AnyState\""),
            },
        };
    }

    private static JsonElement? Find(JsonElement parent, string name)
    {
        if (parent.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in parent.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }

        return null;
    }

    private static string? Text(JsonElement parent, string path, string name) => Find(parent, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => throw Wrong(path, other.GetRawText(), "a text"),
    };

    private static int Number(JsonElement parent, string name, int fallback) => Find(parent, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => fallback,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= 1 => value,
        { } other => throw Wrong(name, other.GetRawText(), "a whole number of at least 1"),
    };

    private static InvalidDataException Wrong(string name, string found, string expected)
        => new($"host.json: 'extensions.durableTask.{name}' is {found}; expected {expected}.");

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,44}$")]
    private static partial Regex HubNames();
}
