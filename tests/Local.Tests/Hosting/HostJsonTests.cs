using Microsoft.Extensions.Configuration;
using Mlops.Local.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Hosting;

public sealed class HostJsonTests
{
    [Fact]
    public void Defaults_AreTheRealHosts()
    {
        var host = HostJson.Parse("""{ "version": "2.0" }""");

        Assert.Equal("api", host.RoutePrefix);
        Assert.Equal(TimeSpan.FromMinutes(30), host.FunctionTimeout);
        Assert.Equal(new QueueSettings(16, 8, 5, TimeSpan.Zero, TimeSpan.FromMinutes(1), Base64: true), host.Queues);
        Assert.Equal(5, host.Blobs.PoisonBlobThreshold);
    }

    [Fact]
    public void ProductsOwnFile_IsRead()
    {
        var host = HostJson.Load(Repository.File("host.json"));

        Assert.Equal("", host.RoutePrefix);
        Assert.Equal("MlopsHub", host.DurableTask.GetProperty("hubName").GetString());
    }

    [Fact]
    public void Setting_OverridesAValue()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureFunctionsJobHost:extensions:queues:BatchSize"] = "4",
            ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = "Other",
        }).Build();

        var host = HostJson.Parse("""{ "version": "2.0", "extensions": { "queues": { "batchSize": 8 }, "durableTask": { "hubName": "Hub", "maxConcurrentActivityFunctions": 2 } } }""", settings: settings);

        Assert.Equal(4, host.Queues.BatchSize);
        Assert.Equal(2, host.Queues.NewBatchThreshold);
        Assert.Equal("Other", host.DurableTask.GetProperty("hubName").GetString());
        Assert.Equal(2, host.DurableTask.GetProperty("maxConcurrentActivityFunctions").GetInt32());
    }

    [Theory]
    [InlineData("""{ "version": "1.0" }""", "'version' is \"1.0\"")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "batchSize": 33 } } }""", "'extensions.queues.batchSize' is 33; expected a whole number from 1 to 32")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "soon" }""", "'functionTimeout' is soon; expected a time span")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "messageEncoding": "utf8" } } }""", "'extensions.queues.messageEncoding' is utf8")]
    [InlineData("{", "is not JSON")]
    [InlineData("[]", "expected {")]
    public void WrongValue_IsNamedWithWhatIsExpected(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => HostJson.Parse(json));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
