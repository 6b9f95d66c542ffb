using System.Globalization;
using System.Text.RegularExpressions;
using Mlops.Core.Costs;
using NCrontab;
using CoreMeter = Mlops.Core.Costs.Meter;

namespace Mlops.Infra.Tests;

/// <summary>What a month costs in which nobody uses the platform, computed from the template and the timers: storage.</summary>
public partial class IdleCostTests
{
    [Theory]
    [InlineData("dev", 2048L)]
    [InlineData("prod", 4096L)]
    public void Idle_EveryOptionOff_IsStorageOnly(string environmentType, long memory)
    {
        var deployment = Scenario.With(("environmentType", environmentType), ("instanceMemoryMB", memory));

        // Nothing that is deployed has a price for existing …
        Assert.DoesNotContain(deployment.Resources, resource => KnownTypes.MeterOf(resource) == Meter.Fixed);

        // … and the timers stay within the free grants, a second each as the plan bills them.
        var idle = IdleCost.Of(PriceList.Default, Memory(deployment) / 1024, Usage.None, TimerExecutions(deployment), gigabyteMonths: 10);
        Assert.Equal(0, idle.TimersAfterGrants);
        Assert.Equal(PriceList.Default.Of(CoreMeter.BlobBytes, 10), idle.Total, 9);
    }

    [Fact]
    public void Chapter_NamesWhatTheTimersTake()
    {
        var executions = TimerExecutions(Scenario.Default);
        var gigabyteSeconds = IdleCost.Of(PriceList.Default, Memory(Scenario.Default) / 1024, Usage.None, executions, 0).GigabyteSeconds;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{executions:N0} executions a month and {gigabyteSeconds:N0} GB-seconds"), Repository.Read("docs/deployment.md"), StringComparison.Ordinal);
    }

    private static double Memory(Bicep.Deployment deployment)
    {
        var app = Assert.Single(deployment.OfType("Microsoft.Web/sites"));
        var memory = (long)app.At("properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB")!;
        Assert.Equal(memory.ToString(CultureInfo.InvariantCulture), Settings(deployment)["MlopsInstanceMemoryMB"]);
        return memory;
    }

    private static double TimerExecutions(Bicep.Deployment deployment)
    {
        var schedules = Repository.Files("functions", "*.cs").SelectMany(file => TimerTrigger().Matches(Repository.Read(file))).Select(match => match.Groups["schedule"].Value).ToArray();
        Assert.True(schedules.Length >= 5, "The test no longer finds the timers.");
        var start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return schedules
            .Select(schedule => schedule.StartsWith('%') ? (string)Settings(deployment)[schedule.Trim('%')]! : schedule)
            .Sum(schedule => CrontabSchedule.Parse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true }).GetNextOccurrences(start.AddTicks(-1), start.AddDays(30)).Count());
    }

    private static IReadOnlyDictionary<string, object?> Settings(Bicep.Deployment deployment) =>
        (IReadOnlyDictionary<string, object?>)Assert.Single(deployment.OfType("Microsoft.Web/sites/config"), config => config.Name.EndsWith("/appsettings", StringComparison.Ordinal)).At("properties")!;

    [GeneratedRegex(@"TimerTrigger\(""(?<schedule>[^""]+)""")]
    private static partial Regex TimerTrigger();
}
