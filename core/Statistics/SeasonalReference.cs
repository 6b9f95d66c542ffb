namespace Mlops.Core.Statistics;

/// <summary>What is usual at this time of the day or week: earlier windows of the same season. Monday morning differs from all that the model learned from, and yet is as Monday mornings are.</summary>
/// <remarks>A window that differs from the training data is compared again, with the season. Only what differs from both is drift, so the chance of a false alarm is at most that of either test, and that of the
/// second is α when the rhythm is as ever. The windows nearest to when the champion took over are taken, because they are like what it learned from; the newest would follow a slow drift and never show it.</remarks>
public static class SeasonalReference
{
    /// <summary>One earlier window may have been the exception: fewer than two decide nothing.</summary>
    public const int FewestWindows = 2;

    /// <summary>Windows taken at most.</summary>
    public const int MostWindows = 8;

    private const int MostLookedFor = 60;

    /// <summary>How far the end of an earlier window may lie from the season's: half of the hour that a season lasts.</summary>
    public static TimeSpan Tolerance { get; } = TimeSpan.FromMinutes(30);

    /// <summary>When earlier windows of the same season ended, the one nearest to <paramref name="anchor"/> first; at most 60. None when a window is as long as the rhythm, and so holds all of it.</summary>
    /// <param name="end">When the present window ends.</param>
    /// <param name="length">How long windows are.</param>
    /// <param name="seasonality">The rhythm.</param>
    /// <param name="oldest">Windows that began before are not wanted.</param>
    /// <param name="anchor">When the champion took over.</param>
    public static IReadOnlyList<DateTimeOffset> Ends(DateTimeOffset end, TimeSpan length, Seasonality seasonality, DateTimeOffset oldest, DateTimeOffset anchor)
    {
        TimeSpan period = TimeSpan.FromDays(seasonality == Seasonality.Daily ? 1 : 7);
        if (seasonality == Seasonality.None || length >= period)
        {
            return [];
        }

        long many = Math.Max(0, (end - length - oldest).Ticks / period.Ticks);
        return [.. Enumerable.Range(1, (int)Math.Min(many, 10_000)).Select(k => end - (k * period)).OrderBy(time => (time - anchor).Duration()).Take(MostLookedFor)];
    }

    /// <summary>Whether <paramref name="earlier"/> can stand beside <paramref name="window"/>: all its columns, of the same kind.</summary>
    public static bool Fits(TableProfile earlier, TableProfile window)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(window);
        return window.Columns.All(column => earlier.Find(column.Name)?.Kind == column.Kind);
    }

    /// <summary>The verdict on a window after the season was asked: <paramref name="first"/> itself unless that is drift and there are enough earlier windows.</summary>
    /// <param name="first">The window compared with the training data.</param>
    /// <param name="window">The window.</param>
    /// <param name="earlier">Windows of the same season that <see cref="Fits"/>.</param>
    /// <param name="seasonality">The rhythm, for the report.</param>
    /// <param name="options">The same as for <paramref name="first"/>.</param>
    public static DriftReport Reconsider(DriftReport first, TableProfile window, IReadOnlyList<TableProfile> earlier, Seasonality seasonality, DriftOptions options)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(options);
        if (first.Verdict != DriftVerdict.Drift || earlier.Count < FewestWindows || earlier.Sum(profile => profile.Rows) < options.MinimumRows)
        {
            return first;
        }

        TableProfile usual = TableProfile.Merge([.. earlier]);
        DriftReport second = DriftTest.Compare(new TableProfile(usual.Rows, [.. window.Columns.Select(column => usual.Find(column.Name)!)]), window, options);
        string season = seasonality == Seasonality.Daily ? $"the same hour of {earlier.Count} other days" : $"the same weekday and hour of {earlier.Count} other weeks";
        return second with
        {
            Reference = $"{season} ({usual.Rows} rows)",
            IsSeasonal = true,
            Summary = $"The window differs from {first.Reference}; compared with {season}: {second.Summary}",
        };
    }
}
