using Mlops.Core.Learning;
using Mlops.Core.Statistics;
using Mlops.Functions.Monitoring;
using Mlops.Storage.Monitoring;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Monitoring;

/// <summary>The drift check over six Mondays at nine, when inputs are always other than the training data, which come from the whole week.</summary>
public class SeasonTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset s_monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private readonly Random _random = new(5);

    [Fact]
    public async Task Check_AMondayLikeOtherMondays_IsNoDriftOnceTwoWereSeen_AndAnotherKindOfMondayIs()
    {
        (Served served, DriftMonitor monitor, DriftStore reports) = await StartAsync("weekly");

        // Of the first two Mondays only the training data can be asked.
        Assert.Equal((DriftVerdict.Drift, false), await MondayAsync(served, monitor, 0, 2));
        Assert.Equal((DriftVerdict.Drift, false), await MondayAsync(served, monitor, 1, 2));
        Assert.Equal((DriftVerdict.None, true), await MondayAsync(served, monitor, 2, 2));
        Assert.Equal((DriftVerdict.Drift, true), await MondayAsync(served, monitor, 3, -2));

        // The odd one did not become a habit.
        Assert.Equal((DriftVerdict.None, true), await MondayAsync(served, monitor, 4, 2));
        Assert.Equal((DriftVerdict.Drift, true), await MondayAsync(served, monitor, 5, -2));

        DriftSummary newest = (await reports.ListAsync(served.Model, 1, CancellationToken.None))[0];
        Assert.Contains("the same weekday and hour of 4 other weeks", newest.Summary, StringComparison.Ordinal);
        Assert.Contains("the same weekday and hour of 4 other weeks", await reports.FindReportAsync(served.Model, newest.Id, html: true, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WithoutSeasonality_ComparesWithTheTrainingDataAlone()
    {
        (Served served, DriftMonitor monitor, _) = await StartAsync("none");

        for (int week = 0; week < 4; week++)
        {
            Assert.Equal((DriftVerdict.Drift, false), await MondayAsync(served, monitor, week, 2));
        }
    }

    private async Task<(Served Served, DriftMonitor Monitor, DriftStore Reports)> StartAsync(string seasonality)
    {
        double[] week = [.. Normal(1000, -2), .. Normal(1000, 2)];
        Served served = await Served.StartAsync(
            azurite.ConnectionString, TestNames.Model(), TaskKind.Regression, s_monday.AddDays(-1), week, $"monitoring:\n  window: 1h\n  seasonality: {seasonality}\n");
        return (served, Monitors.Of(served), new DriftStore(served.Connection));
    }

    private async Task<(DriftVerdict Verdict, bool IsSeasonal)> MondayAsync(Served served, DriftMonitor monitor, int week, double level)
    {
        served.Time.Now = s_monday.AddDays(7 * week).AddSeconds(week);
        await served.LogAsync(1, Normal(300, level), x => (null, [(float)(2 * x)]));
        DriftSummary? summary = await monitor.CheckAsync(served.Model, CancellationToken.None);
        return (summary!.Verdict, summary.IsSeasonal);
    }

    private IEnumerable<double> Normal(int rows, double level) =>
        Enumerable.Range(0, rows).Select(_ => level + (Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(Math.Tau * _random.NextDouble()))).ToArray();
}
