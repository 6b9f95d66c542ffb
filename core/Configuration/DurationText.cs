using System.Globalization;

namespace Mlops.Core.Configuration;

/// <summary>Durations as a person writes them: a number with s, m, h or d, or hours:minutes:seconds.</summary>
internal static class DurationText
{
    private static readonly (char Unit, long Seconds)[] _units = [('d', 86400), ('h', 3600), ('m', 60), ('s', 1)];

    public static bool TryParse(string text, out TimeSpan value)
    {
        value = default;
        if (text.Length is < 2 or > 20)
        {
            return false;
        }

        foreach ((char unit, long seconds) in _units)
        {
            if (text[^1] == unit)
            {
                return TryWhole(text.AsSpan(0, text.Length - 1), out long count) && TryMake(count * seconds, out value);
            }
        }

        string[] parts = text.Split(':');
        return parts.Length == 3
            && TryWhole(parts[0], out long hours) && TryWhole(parts[1], out long minutes) && TryWhole(parts[2], out long rest)
            && minutes < 60 && rest < 60
            && TryMake((hours * 3600) + (minutes * 60) + rest, out value);
    }

    /// <summary>In the largest unit that leaves no fraction, except that one to two days are shown in hours.</summary>
    public static string Show(TimeSpan value)
    {
        long total = (long)value.TotalSeconds;
        foreach ((char unit, long seconds) in _units)
        {
            if (total % seconds == 0 && total != 0 && !(unit == 'd' && total < 2 * seconds))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{total / seconds}{unit}");
            }
        }

        return "0s";
    }

    private static bool TryWhole(ReadOnlySpan<char> text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= 1_000_000_000;

    private static bool TryMake(long seconds, out TimeSpan value)
    {
        value = TimeSpan.FromSeconds(Math.Min(seconds, 1_000_000_000_000));
        return seconds <= 1_000_000_000;
    }
}
