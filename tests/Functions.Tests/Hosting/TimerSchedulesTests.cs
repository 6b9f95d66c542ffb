using Mlops.Functions.Hosting;

namespace Mlops.Functions.Tests.Hosting;

public class TimerSchedulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 8, 3, 0, TimeSpan.Zero);

    [Fact]
    public void All_AreTheTimersOfTheApp() => Assert.Superset(new HashSet<string> { "DriftTimer", "ReconcileArrivals", "ReconcilePipelines", "SumTraffic" }, TimerSchedules.All.Keys.ToHashSet());

    [Fact]
    public void DueBy_IsTheRunAfterTheNext_WithSomeSlack() => Assert.Equal(new DateTimeOffset(2026, 5, 1, 8, 30, 0, TimeSpan.Zero), DueBy("ReconcileArrivals", null));

    [Fact]
    public void DueBy_ReadsSchedulesFromSettings()
    {
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 10, 10, 0, TimeSpan.Zero), DueBy("DriftTimer", "0 0 * * * *"));
        Assert.Null(DueBy("DriftTimer", "now and then"));
        Assert.Null(DueBy("DriftTimer", null));
    }

    [Fact]
    public void DueBy_OfWhatIsNoTimer_IsNever() => Assert.Null(DueBy("DataArrived", null));

    private static DateTimeOffset? DueBy(string function, string? drift) => TimerSchedules.DueBy(function, Now, name => name == "MlopsDriftSchedule" ? drift : null);
}
