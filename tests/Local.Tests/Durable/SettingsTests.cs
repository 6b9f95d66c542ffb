using System.Text.Json;
using Mlops.Local.Durable;

namespace Mlops.Local.Tests.Durable;

public sealed class SettingsTests
{
    [Fact]
    public void Read_TakesTheSectionOfHostJson()
    {
        var settings = DurableSettings.Read(JsonDocument.Parse("""
            { "hubName": "MyHub", "storageProvider": { "connectionName": "Other" }, "maxConcurrentActivityFunctions": 2, "maxConcurrentOrchestratorFunctions": 3,
              "maxOrchestrationActions": 4, "overridableExistingInstanceStates": "AnyState", "defaultVersion": "1.2" }
            """).RootElement);

        Assert.Equal(new DurableSettings { HubName = "MyHub", ConnectionName = "Other", MaxConcurrentActivities = 2, MaxConcurrentOrchestrators = 3, MaxActions = 4, ReplaceRunning = true, DefaultVersion = "1.2" }, settings);
        Assert.Equal(new DurableSettings(), DurableSettings.Read(JsonDocument.Parse("{}").RootElement));
    }

    [Theory]
    [InlineData("""{ "hubName": "1x" }""", "hubName")]
    [InlineData("""{ "hubName": "a-b" }""", "hubName")]
    [InlineData("""{ "hubName": 5 }""", "hubName")]
    [InlineData("""{ "maxConcurrentActivityFunctions": 0 }""", "maxConcurrentActivityFunctions")]
    [InlineData("""{ "overridableExistingInstanceStates": "Some" }""", "overridableExistingInstanceStates")]
    [InlineData("""{ "storageProvider": { "type": "mssql" } }""", "storageProvider.type")]
    public void Read_OfWrongValue_NamesIt(string json, string name)
    {
        var e = Assert.Throws<InvalidDataException>(() => DurableSettings.Read(JsonDocument.Parse(json).RootElement));
        Assert.Contains($"'extensions.durableTask.{name}'", e.Message, StringComparison.Ordinal);
    }
}
