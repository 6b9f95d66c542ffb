using Mlops.Local.Timers;

namespace Mlops.Local.Tests.Timers;

public sealed class TimerScheduleTests
{
    private static readonly DateTime s_time = new(2026, 2, 28, 23, 59, 30, DateTimeKind.Utc);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01T00:00:00Z")]
    [InlineData("*/5 * * * *", "2026-03-01T00:00:00Z")]
    [InlineData("45 * * * * *", "2026-02-28T23:59:45Z")]
    [InlineData("0 30 9 * * Mon", "2026-03-02T09:30:00Z")]
    public void After_GivesTheNextOccurrenceInUtc(string expression, string expected)
    {
        var next = new TimerSchedule(expression, "test").After(s_time);

        Assert.Equal(DateTimeKind.Utc, next.Kind);
        Assert.Equal(expected, next.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("* * *", "has 3 fields")]
    [InlineData("0 61 * * * *", "is not NCRONTAB")]
    [InlineData("01:00:00", "has 1 fields")]
    public void WrongExpression_IsRefusedWithWhereAndWhy(string expression, string why)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new TimerSchedule(expression, "Function 'F'"));

        Assert.StartsWith("Function 'F'", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
