using Mlops.Functions.Monitoring;

namespace Mlops.Functions.Tests.Monitoring;

public sealed class DriftScheduleTests
{
    [Theory]
    [InlineData("0 0 * * * *", 720)]
    [InlineData("0 */15 * * * *", 2880)]
    [InlineData("0 0 6,18 * * *", 60)]
    [InlineData("0 0 6 * * *", 30)]
    [InlineData("0 0 0 1 1 *", 30)]
    [InlineData("01:00:00", 720)]
    [InlineData("often", 720)]
    [InlineData("", 720)]
    [InlineData(null, 720)]
    public void WindowsPerMonth_OfASchedule_AreItsOccurrences(string? schedule, double windows) => Assert.Equal(windows, DriftSchedule.WindowsPerMonth(schedule));
}
