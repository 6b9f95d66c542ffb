using Mlops.Core.Data;
using Mlops.Core.Statistics;

namespace Mlops.Core.Tests.Statistics;

public class SeasonalReferenceTests
{
    private static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DriftOptions Options = new();

    [Fact]
    public void Ends_Weekly_AreTheSameWeekdayAndHour_NearestToTheTakeoverFirst()
    {
        IReadOnlyList<DateTimeOffset> ends = SeasonalReference.Ends(Monday, TimeSpan.FromHours(24), Seasonality.Weekly, Monday.AddDays(-40), Monday.AddDays(-15));

        Assert.Equal([-14, -21, -7, -28, -35], ends.Select(end => (end - Monday).TotalDays));
    }

    [Fact]
    public void Ends_Daily_LeaveOutWhatBeganBeforeTheModel() =>
        Assert.Equal([-3, -2, -1], SeasonalReference.Ends(Monday, TimeSpan.FromHours(6), Seasonality.Daily, Monday.AddHours(-80), Monday.AddDays(-5)).Select(end => (end - Monday).TotalDays));

    [Theory]
    [InlineData(Seasonality.None, 1)]
    [InlineData(Seasonality.Daily, 24)]
    [InlineData(Seasonality.Weekly, 168)]
    public void Ends_NoRhythmOrAWholeOneInTheWindow_AreNone(Seasonality seasonality, int hours) =>
        Assert.Empty(SeasonalReference.Ends(Monday, TimeSpan.FromHours(hours), seasonality, Monday.AddYears(-1), Monday.AddDays(-30)));

    [Fact]
    public void Ends_OfYears_AreBounded() => Assert.Equal(60, SeasonalReference.Ends(Monday, TimeSpan.FromHours(1), Seasonality.Daily, Monday.AddYears(-900), Monday).Count);

    [Fact]
    public void Reconsider_WindowLikeItsSeason_IsNoDriftAndSaysWhatItWasComparedWith()
    {
        (DriftReport first, TableProfile window) = Compare(1);
        Assert.Equal(DriftVerdict.Drift, first.Verdict);

        DriftReport second = SeasonalReference.Reconsider(first, window, [Profile(3, 1), Profile(4, 1)], Seasonality.Weekly, Options);

        Assert.Equal((DriftVerdict.None, true, "the same weekday and hour of 2 other weeks (800 rows)"), (second.Verdict, second.IsSeasonal, second.Reference));
        Assert.StartsWith("The window differs from the training data; compared with the same weekday and hour of 2 other weeks: No drift in 1 columns.", second.Summary, StringComparison.Ordinal);
        Assert.Contains("compared with the same weekday and hour", second.ToHtml("t"), StringComparison.Ordinal);
        Assert.True(DriftReport.FromJson(second.ToJson()).IsSeasonal);
    }

    [Fact]
    public void Reconsider_WindowUnlikeItsSeason_IsDrift()
    {
        (DriftReport first, TableProfile window) = Compare(3);

        Assert.Equal(DriftVerdict.Drift, SeasonalReference.Reconsider(first, window, [Profile(3, 1), Profile(4, 1)], Seasonality.Weekly, Options).Verdict);
    }

    [Fact]
    public void Reconsider_TooLittleHistoryOrNoDrift_KeepsTheFirstReport()
    {
        (DriftReport first, TableProfile window) = Compare(1);
        (DriftReport calm, TableProfile same) = Compare(0);

        Assert.Same(first, SeasonalReference.Reconsider(first, window, [Profile(3, 1)], Seasonality.Weekly, Options));
        Assert.Same(first, SeasonalReference.Reconsider(first, window, [Profile(3, 1, 20), Profile(4, 1, 20)], Seasonality.Weekly, Options));
        Assert.Same(calm, SeasonalReference.Reconsider(calm, same, [Profile(3, 1), Profile(4, 1)], Seasonality.Weekly, Options));
    }

    [Fact]
    public void Fits_OtherColumnsOrKinds_DoNot()
    {
        TableProfile window = Profile(1, 0);

        Assert.True(SeasonalReference.Fits(new TableProfile(400, [.. Profile(2, 5).Columns, .. TableProfile.Of(new DataTable([new NumericColumn("more", [1, 2])])).Columns]), window));
        Assert.False(SeasonalReference.Fits(TableProfile.Of(new DataTable([new NumericColumn("other", [1, 2])])), window));
        Assert.False(SeasonalReference.Fits(TableProfile.Of(new DataTable([TextColumn.From("x", ["a", "b"])])), window));
    }

    private static (DriftReport Report, TableProfile Window) Compare(double shift)
    {
        TableProfile reference = Profile(1, 0, 2000), window = TableProfile.Of(new DataTable([new NumericColumn("x", [.. Worlds.Numbers("normal", 400, 2).Select(x => x + shift)])]), reference);
        return (DriftTest.Compare(reference, window, Options), window);
    }

    private static TableProfile Profile(int seed, double shift, int rows = 400) => TableProfile.Of(new DataTable([new NumericColumn("x", [.. Worlds.Numbers("normal", rows, seed).Select(x => x + shift)])]));
}
