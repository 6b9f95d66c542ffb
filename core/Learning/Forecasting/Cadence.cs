namespace Mlops.Core.Learning.Forecasting;

/// <summary>The even steps in which a series goes on: so many months, or so many seconds.</summary>
/// <param name="Months">Calendar months per step; 0 when a step is a number of seconds.</param>
/// <param name="Seconds">Seconds per step; 0 when a step is a number of months.</param>
/// <param name="Phase">Seconds that times lie after a multiple of <paramref name="Seconds"/>, such as 6 hours for days that are counted at six; 0 for months.</param>
public sealed record Cadence(int Months, long Seconds, long Phase)
{
    private const double Day = 86_400;

    /// <summary>Share of the gaps between neighbouring times that must be whole steps.</summary>
    private const double EvenShare = 0.9;

    /// <summary>How far from a whole number of steps a gap may be.</summary>
    private const double Tolerance = 0.1;

    /// <summary>The cadence of some series: their most frequent gap, months, quarters and years by the calendar. Null when fewer than nine of ten gaps are whole steps.</summary>
    /// <param name="series">Per series its distinct times, ascending, in seconds since 1970.</param>
    public static Cadence? Infer(IEnumerable<double[]> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        double[][] all = [.. series];
        double[] gaps = [.. all.SelectMany(times => times.Skip(1).Zip(times, (later, earlier) => later - earlier))];
        if (gaps.Length == 0)
        {
            return null;
        }

        double step = gaps.GroupBy(gap => gap).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        int months = (step / Day) switch { >= 28 and <= 31 => 1, >= 89 and <= 92 => 3, >= 365 and <= 366 => 12, _ => 0 };
        if (months > 0 && IsCalendar(gaps, months))
        {
            return new Cadence(months, 0, 0);
        }

        if (gaps.Count(gap => Math.Abs((gap / step) - Math.Round(gap / step)) <= Tolerance) < EvenShare * gaps.Length)
        {
            return null;
        }

        long seconds = (long)step;
        long phase = all.SelectMany(times => times).Select(time => Modulo((long)time, seconds)).GroupBy(p => p).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        return new Cadence(0, seconds, phase);
    }

    /// <summary>The number of the step that a time belongs to.</summary>
    /// <param name="time">Seconds since 1970, within the years 1 … 9999.</param>
    public long Index(double time)
    {
        if (Months == 0)
        {
            return (long)Math.Round((time - Phase) / Seconds);
        }

        DateTimeOffset date = DateTimeOffset.FromUnixTimeSeconds((long)time);
        return ((date.Year * 12L) + date.Month - 1) / Months;
    }

    /// <summary>The time of a step in seconds since 1970; of months the beginning of the first.</summary>
    public double At(long index)
    {
        if (Months == 0)
        {
            return (index * Seconds) + Phase;
        }

        long month = index * Months;
        return new DateTimeOffset((int)(month / 12), (int)(month % 12) + 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    }

    /// <summary>Whether gaps are whole numbers of months, give or take the lengths of months. Exactly four weeks each time are weeks.</summary>
    private static bool IsCalendar(double[] gaps, int months)
    {
        double length = months * 365.2425 / 12;
        bool Whole(double gap) => Math.Abs((gap / Day) - (Math.Round(gap / Day / length) * length)) <= 3 && gap / Day >= length - 3;
        return gaps.Count(Whole) >= EvenShare * gaps.Length && !gaps.All(gap => gap == 28 * Day);
    }

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
