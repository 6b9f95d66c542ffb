namespace Mlops.Core.Features;

/// <summary>What a date and time says, in UTC and the proleptic Gregorian calendar.</summary>
public enum TimestampPart
{
    /// <summary>Days since 1970-01-01, with fraction: trend.</summary>
    Days,

    /// <summary>The year.</summary>
    Year,

    /// <summary>The month, 1 … 12.</summary>
    Month,

    /// <summary>The day of the month, 1 … 31.</summary>
    Day,

    /// <summary>The day of the week, 0 (Monday) … 6 (Sunday).</summary>
    WeekDay,

    /// <summary>The hour, 0 … 23.</summary>
    Hour,

    /// <summary>The minute, 0 … 59.</summary>
    Minute,

    /// <summary>Sine of the month's angle on a circle of 12: December is beside January.</summary>
    MonthSine,

    /// <summary>Cosine of the month's angle.</summary>
    MonthCosine,

    /// <summary>Sine of the weekday's angle on a circle of 7.</summary>
    WeekDaySine,

    /// <summary>Cosine of the weekday's angle.</summary>
    WeekDayCosine,

    /// <summary>Sine of the hour's angle on a circle of 24.</summary>
    HourSine,

    /// <summary>Cosine of the hour's angle.</summary>
    HourCosine,
}
