using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace Mlops.Functions.Costs;

/// <summary>How often the timers of the app fire when nobody uses it, by the schedules in the code.</summary>
internal static class TimerSchedules
{
    private const int DaysPerMonth = 30;

    /// <summary>Executions in a month of 30 days.</summary>
    /// <param name="setting">Reads a setting that a schedule names.</param>
    public static double ExecutionsPerMonth(Func<string, string?> setting)
    {
        DateTime start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        CrontabSchedule.ParseOptions seconds = new() { IncludingSeconds = true };
        return All().Sum(schedule => CrontabSchedule.TryParse(schedule.StartsWith('%') ? setting(schedule.Trim('%')) : schedule, seconds) is { } crontab
            ? crontab.GetNextOccurrences(start.AddTicks(-1), start.AddDays(DaysPerMonth)).Count()
            : 0);
    }

    /// <summary>The schedules, as written.</summary>
    internal static IEnumerable<string> All() =>
        from type in typeof(TimerSchedules).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where method.IsDefined(typeof(FunctionAttribute))
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<TimerTriggerAttribute>()
        where trigger is not null
        select trigger.Schedule;
}
