namespace Mlops.Core.Statistics;

/// <summary>References by hour of the week: Monday 9:00 is compared with Mondays at 9:00, so that a daily or weekly rhythm is not drift.</summary>
/// <remarks>A window falls into the hour of the week (UTC) of its begin. While that hour has too few rows, the same hour of all days stands in, then everything.</remarks>
public sealed class SeasonalReference
{
    private readonly Dictionary<int, List<TableProfile>> _byHour = [];

    /// <summary>Adds a past window without drift.</summary>
    public void Add(DateTimeOffset start, TableProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        int hour = HourOfWeek(start);
        if (!_byHour.TryGetValue(hour, out List<TableProfile>? profiles))
        {
            _byHour[hour] = profiles = [];
        }

        profiles.Add(profile);
    }

    /// <summary>The reference for a window that begins at <paramref name="start"/>, or null when there are fewer than <paramref name="minimumRows"/> rows at all.</summary>
    public TableProfile? For(DateTimeOffset start, long minimumRows)
    {
        int hour = HourOfWeek(start);
        return Merge(_byHour.GetValueOrDefault(hour, []), minimumRows)
            ?? Merge([.. _byHour.Where(h => h.Key % 24 == hour % 24).OrderBy(h => h.Key).SelectMany(h => h.Value)], minimumRows)
            ?? Merge([.. _byHour.OrderBy(h => h.Key).SelectMany(h => h.Value)], minimumRows);
    }

    private static TableProfile? Merge(List<TableProfile> profiles, long minimumRows) =>
        profiles.Count > 0 && profiles.Sum(p => p.Rows) >= minimumRows ? TableProfile.Merge(profiles) : null;

    private static int HourOfWeek(DateTimeOffset start) => (int)start.UtcDateTime.DayOfWeek * 24 + start.UtcDateTime.Hour;
}
