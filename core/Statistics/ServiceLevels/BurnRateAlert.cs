namespace Mlops.Core.Statistics.ServiceLevels;

/// <summary>Requests and bad ones in one minute.</summary>
/// <param name="Start">The minute's begin.</param>
/// <param name="Total">Requests.</param>
/// <param name="Bad">Requests that failed, or were slower than the objective (count them by a latency histogram).</param>
public readonly record struct ServiceMinute(DateTimeOffset Start, long Total, long Bad);

/// <summary>How urgent an alert is.</summary>
public enum BurnSeverity
{
    /// <summary>The error budget lasts.</summary>
    None,

    /// <summary>The budget is spent in days: look at it in working hours.</summary>
    Ticket,

    /// <summary>The budget is spent in hours: wake someone.</summary>
    Page,
}

/// <summary>A burn-rate alert.</summary>
/// <param name="Severity">How urgent.</param>
/// <param name="BurnRate">How many times faster than allowed the budget is spent in the deciding long window; NaN without traffic.</param>
/// <param name="LongWindow">The deciding long window.</param>
public readonly record struct BurnState(BurnSeverity Severity, double BurnRate, TimeSpan LongWindow);

/// <summary>Multi-window, multi-burn-rate alerts of a service-level objective over 30 days.</summary>
/// <remarks>Google, The Site Reliability Workbook (2018), chapter 5: alert when both a long and a short window burn faster than 14.4 (1 h and 5 min: 2 % of the budget), 6 (6 h and 30 min: 5 %) or 1 (3 days
/// and 6 h: 10 %). The short window ends the alert soon after the trouble. Few requests make rates jump, so a window also needs a minimum of bad ones. O(minutes).</remarks>
public static class BurnRateAlert
{
    private static readonly (TimeSpan Long, TimeSpan Short, double Rate, BurnSeverity Severity)[] Rules =
    [
        (TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4, BurnSeverity.Page),
        (TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), 6, BurnSeverity.Page),
        (TimeSpan.FromDays(3), TimeSpan.FromHours(6), 1, BurnSeverity.Ticket),
    ];

    /// <summary>The most urgent alert at <paramref name="now"/>.</summary>
    /// <param name="minutes">The last three days, in any order.</param>
    /// <param name="now">The instant.</param>
    /// <param name="objective">Share of good requests promised, in (0, 1), for example 0.999.</param>
    /// <param name="minimumBad">Bad requests in the long window below which nothing is said. The default is 3.</param>
    public static BurnState Evaluate(IReadOnlyList<ServiceMinute> minutes, DateTimeOffset now, double objective, long minimumBad = 3)
    {
        ArgumentNullException.ThrowIfNull(minutes);
        if (!(objective > 0 && objective < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(objective), objective, "The objective is a share of good requests in (0, 1), for example 0.999.");
        }

        foreach ((TimeSpan longWindow, TimeSpan shortWindow, double rate, BurnSeverity severity) in Rules)
        {
            (double burn, long bad) = Burn(minutes, now - longWindow, now, objective);
            if (burn >= rate && bad >= minimumBad && Burn(minutes, now - shortWindow, now, objective).Rate >= rate)
            {
                return new BurnState(severity, burn, longWindow);
            }
        }

        return new BurnState(BurnSeverity.None, Burn(minutes, now - Rules[0].Long, now, objective).Rate, Rules[0].Long);
    }

    private static (double Rate, long Bad) Burn(IReadOnlyList<ServiceMinute> minutes, DateTimeOffset from, DateTimeOffset to, double objective)
    {
        long total = 0, bad = 0;
        foreach (ServiceMinute minute in minutes)
        {
            if (minute.Start >= from && minute.Start < to)
            {
                total += minute.Total;
                bad += minute.Bad;
            }
        }

        return (total == 0 ? double.NaN : bad / (double)total / (1 - objective), bad);
    }
}
