using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using NCrontab;

namespace Mlops.Functions.Hosting;

/// <summary>When the timers of the app fire, by the schedules in the code and the settings that they name.</summary>
internal static class TimerSchedules
{
    private const int DaysPerMonth = 30;

    // A timer that starts late or works long is not missing.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    /// <summary>The schedules as written, by function.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new SortedDictionary<string, string>(
        (from type in typeof(TimerSchedules).Assembly.GetTypes()
         from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
         let function = method.GetCustomAttribute<FunctionAttribute>()
         where function is not null
         from parameter in method.GetParameters()
         let trigger = parameter.GetCustomAttribute<TimerTriggerAttribute>()
         where trigger is not null
         select (function.Name, trigger.Schedule)).ToDictionary(timer => timer.Name, timer => timer.Schedule),
        StringComparer.Ordinal);

    /// <summary>Executions in a month of 30 days when nobody uses the app.</summary>
    /// <param name="setting">Reads a setting that a schedule names.</param>
    public static double ExecutionsPerMonth(Func<string, string?> setting)
    {
        DateTime start = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return All.Values.Sum(schedule => Parse(schedule, setting) is { } crontab ? crontab.GetNextOccurrences(start.AddTicks(-1), start.AddDays(DaysPerMonth)).Count() : 0);
    }

    /// <summary>When a timer that ran at <paramref name="last"/> should have run again at the latest: one run may be missed. Null for what is no timer, or has no valid schedule.</summary>
    public static DateTimeOffset? DueBy(string function, DateTimeOffset last, Func<string, string?> setting)
    {
        if (!All.TryGetValue(function, out string? schedule) || Parse(schedule, setting) is not { } crontab)
        {
            return null;
        }

        DateTime second = crontab.GetNextOccurrence(crontab.GetNextOccurrence(last.UtcDateTime));
        return second == DateTime.MaxValue ? null : new DateTimeOffset(DateTime.SpecifyKind(second, DateTimeKind.Utc)) + Slack;
    }

    private static CrontabSchedule? Parse(string schedule, Func<string, string?> setting) =>
        CrontabSchedule.TryParse(schedule.StartsWith('%') ? setting(schedule.Trim('%')) : schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true });
}
