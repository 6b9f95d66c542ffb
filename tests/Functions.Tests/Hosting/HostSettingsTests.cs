using System.Globalization;
using System.Text.Json;
using Mlops.Core.Configuration;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Hosting;

/// <summary>What host.json says to the real host, against what the app counts on.</summary>
public class HostSettingsTests
{
    [Fact]
    public void FunctionTimeout_IsLonger_ThanTheLongestTraining()
    {
        // The real host kills the worker process of a function that runs longer, with all that runs beside it, and Durable Functions runs the step again, without end:
        // training.timeLimit must have ended it before.
        using JsonDocument host = JsonDocument.Parse(File.ReadAllText(Repository.File("host.json")));
        TimeSpan timeout = TimeSpan.Parse(host.RootElement.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture);

        Assert.True(timeout > ModelConfiguration.Default.Training.TimeLimit + TimeSpan.FromMinutes(30), "a training reads its data, too, before its time begins");
        Assert.Contains(ModelConfiguration.Parse($"training:\n  timeLimit: {timeout.TotalMinutes}m\n").Errors, error => $"{error}".Contains("timeLimit", StringComparison.Ordinal));
        Assert.Empty(ModelConfiguration.Parse("training:\n  timeLimit: 24h\n").Errors);
    }
}
