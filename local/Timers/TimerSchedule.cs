using NCrontab;

namespace Mlops.Local.Timers;

/// <summary>An NCRONTAB schedule in UTC, with five fields (from minutes) or six (from seconds).</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule _crontab;

    public TimerSchedule(string expression, string where)
    {
        var fields = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is not (5 or 6))
        {
            throw new InvalidOperationException($"{where}: the schedule \"{expression}\" has {fields} fields; expected NCRONTAB with 6 ({{second}} {{minute}} {{hour}} {{day}} {{month}} {{day-of-week}}) or 5 (without seconds).");
        }

        try
        {
            _crontab = CrontabSchedule.Parse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = fields == 6 });
        }
        catch (CrontabException e)
        {
            throw new InvalidOperationException($"{where}: the schedule \"{expression}\" is not NCRONTAB: {e.Message}", e);
        }
    }

    /// <summary>The first occurrence after a time.</summary>
    public DateTime After(DateTime time) => DateTime.SpecifyKind(_crontab.GetNextOccurrence(time), DateTimeKind.Utc);
}
