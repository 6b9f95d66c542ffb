using System.Text.Json;
using Mlops.Functions.Training;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Training;

public class TrainingThreadsTests
{
    [Fact]
    public void Activities_AreThoseThatTheHostRunsAtATime()
    {
        using JsonDocument host = JsonDocument.Parse(File.ReadAllText(Repository.File("host.json")));
        JsonElement durable = host.RootElement.GetProperty("extensions").GetProperty("durableTask");
        Assert.Equal(TrainingThreads.Activities, durable.GetProperty("maxConcurrentActivityFunctions").GetInt32());
    }
}
