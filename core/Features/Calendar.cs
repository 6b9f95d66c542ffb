using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>Parts of an instant from whole seconds since 1970-01-01 UTC, by integer arithmetic that ONNX has too.</summary>
/// <remarks>The date is found in 400-year eras that start on 1 March, so that the leap day is the last of a year
/// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). Valid for every second that a column can hold (±2⁵³).</remarks>
internal static class Calendar
{
    private const long SecondsPerDay = 86_400;
    private const long DaysPerEra = 146_097;

    /// <summary>Days from 0000-03-01 to 1970-01-01.</summary>
    private const long EpochShift = 719_468;

    /// <summary>The part of the instant.</summary>
    public static double Part(TimestampPart part, long seconds)
    {
        long ofDay = Modulo(seconds, SecondsPerDay);
        long days = (seconds - ofDay) / SecondsPerDay;
        switch (part)
        {
            case TimestampPart.Days:
                return (double)seconds / SecondsPerDay;
            case TimestampPart.WeekDay or TimestampPart.WeekDaySine or TimestampPart.WeekDayCosine:
                return Circle(part, Modulo(days + 3, 7));
            case TimestampPart.Hour or TimestampPart.HourSine or TimestampPart.HourCosine:
                return Circle(part, ofDay / 3600);
            case TimestampPart.Minute:
                return ofDay / 60 % 60;
        }

        long z = days + EpochShift;
        long dayOfEra = Modulo(z, DaysPerEra);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long marchMonth = ((5 * dayOfYear) + 2) / 153;
        long month = Modulo(marchMonth + 2, 12) + 1;
        return part switch
        {
            TimestampPart.Year => ((z - dayOfEra) / DaysPerEra * 400) + yearOfEra + ((14 - month) / 12),
            TimestampPart.Day => dayOfYear - (((153 * marchMonth) + 2) / 5) + 1,
            _ => Circle(part, part == TimestampPart.Month ? month : month - 1),
        };
    }

    /// <summary>Nodes that compute the parts [N, 1] of double precision from whole seconds [N, 1]; steps that parts share are added once.</summary>
    public static IReadOnlyList<string> Emit(OnnxGraph graph, string seconds, IReadOnlyList<TimestampPart> parts)
    {
        Steps s = new(graph);
        string ofDay = s.Modulo(seconds, SecondsPerDay);
        string days = s.Divide(s.Subtract(seconds, ofDay), SecondsPerDay);
        Lazy<(string Year, string Month, string Day)> date = new(() => Date(s, days));
        return [.. parts.Select(part => part switch
        {
            TimestampPart.Days => graph.Node("Div", [graph.Cast(seconds, OnnxType.Double), graph.Scalar((double)SecondsPerDay)]),
            TimestampPart.WeekDay or TimestampPart.WeekDaySine or TimestampPart.WeekDayCosine => s.Circle(part, s.Modulo(s.Add(days, 3), 7)),
            TimestampPart.Hour or TimestampPart.HourSine or TimestampPart.HourCosine => s.Circle(part, s.Divide(ofDay, 3600)),
            TimestampPart.Minute => graph.Cast(s.Modulo(s.Divide(ofDay, 60), 60), OnnxType.Double),
            TimestampPart.Year => graph.Cast(date.Value.Year, OnnxType.Double),
            TimestampPart.Day => graph.Cast(date.Value.Day, OnnxType.Double),
            TimestampPart.Month => graph.Cast(date.Value.Month, OnnxType.Double),
            _ => s.Circle(part, s.Add(date.Value.Month, -1)),
        })];
    }

    private static (string Year, string Month, string Day) Date(Steps s, string days)
    {
        string z = s.Add(days, EpochShift);
        string dayOfEra = s.Modulo(z, DaysPerEra);
        string yearOfEra = s.Divide(
            s.Subtract(s.Add(s.Subtract(dayOfEra, s.Divide(dayOfEra, 1460)), s.Divide(dayOfEra, 36_524)), s.Divide(dayOfEra, 146_096)), 365);
        string dayOfYear = s.Subtract(dayOfEra, s.Subtract(s.Add(s.Times(yearOfEra, 365), s.Divide(yearOfEra, 4)), s.Divide(yearOfEra, 100)));
        string marchMonth = s.Divide(s.Add(s.Times(dayOfYear, 5), 2), 153);
        string month = s.Add(s.Modulo(s.Add(marchMonth, 2), 12), 1);
        string year = s.Add(s.Add(s.Times(s.Divide(s.Subtract(z, dayOfEra), DaysPerEra), 400), yearOfEra), s.Divide(s.Add(s.Times(month, -1), 14), 12));
        string day = s.Add(s.Subtract(dayOfYear, s.Divide(s.Add(s.Times(marchMonth, 153), 2), 5)), 1);
        return (year, month, day);
    }

    private static long Modulo(long value, long divisor)
    {
        long rest = value % divisor;
        return rest < 0 ? rest + divisor : rest;
    }

    private static double Circle(TimestampPart part, long position) => Table(part) is { } table ? table[position] : position;

    /// <summary>Sines and cosines are looked up: rounded, so that every machine and both computations have the same numbers.</summary>
    private static double[]? Table(TimestampPart part)
    {
        (int size, bool sine) = part switch
        {
            TimestampPart.MonthSine => (12, true),
            TimestampPart.MonthCosine => (12, false),
            TimestampPart.WeekDaySine => (7, true),
            TimestampPart.WeekDayCosine => (7, false),
            TimestampPart.HourSine => (24, true),
            TimestampPart.HourCosine => (24, false),
            _ => (0, false),
        };

        return size == 0
            ? null
            : [.. Enumerable.Range(0, size).Select(i => Math.Round(sine ? Math.Sin(Math.Tau * i / size) : Math.Cos(Math.Tau * i / size), 12))];
    }

    /// <summary>Integer arithmetic as nodes. ONNX divides toward zero, and its Mod has the sign of the divisor.</summary>
    private sealed class Steps(OnnxGraph graph)
    {
        public string Add(string a, long b) => graph.Node("Add", [a, graph.Scalar(b)]);

        public string Add(string a, string b) => graph.Node("Add", [a, b]);

        public string Subtract(string a, string b) => graph.Node("Sub", [a, b]);

        public string Times(string a, long b) => graph.Node("Mul", [a, graph.Scalar(b)]);

        public string Divide(string a, long b) => graph.Node("Div", [a, graph.Scalar(b)]);

        public string Modulo(string a, long b) => graph.Node("Mod", [a, graph.Scalar(b)]);

        public string Circle(TimestampPart part, string position) => Table(part) is { } table
            ? graph.Node("Gather", [graph.Constant(table, table.Length), position])
            : graph.Cast(position, OnnxType.Double);
    }
}
