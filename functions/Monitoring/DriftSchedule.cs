using NCrontab;

namespace Mlops.Functions.Monitoring;

/// <summary>How often the drift timer fires, from its schedule.</summary>
internal static class DriftSchedule
{
    private const int Month = 30;

    /// <summary>Windows per month of 30 days of an NCRONTAB schedule with six fields; 720, one an hour, when there is none or it is of another form.
    /// Rarer than daily counts as daily: otherwise a yearly check would call anything drift and still keep to one false alarm a month.</summary>
    public static double WindowsPerMonth(string? schedule)
    {
        DateTime start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return CrontabSchedule.TryParse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is { } crontab
            ? Math.Max(Month, crontab.GetNextOccurrences(start.AddTicks(-1), start.AddDays(Month)).Count())
            : Month * 24;
    }
}
