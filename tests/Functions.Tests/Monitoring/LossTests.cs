using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.ChangePoints;
using Mlops.Functions.Monitoring;
using Mlops.Functions.Training;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Runs;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Monitoring;

/// <summary>The drift check of a window whose inputs are as ever, and whose labels show where the model became wrong.</summary>
public class LossTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);
    private static readonly double[] s_x = [.. Enumerable.Range(0, 400).Select(i => (i % 100) / 10.0)];

    [Fact]
    public async Task Check_LabelsOfAWindow_SayWhereTheModelBecameWorse()
    {
        (Served served, DriftMonitor monitor, DriftStore reports, FeedbackStore feedback) = await StartAsync(known: true);

        // Two hours of the window; the champion is right up to 8 and off by 5 above. The other version, wrong everywhere, is none of its business.
        served.Time.Now = s_now.AddHours(-1);
        IReadOnlyList<PredictionId> early = await served.LogAsync(1, s_x, x => (null, [(float)(2 * x)]));
        IReadOnlyList<PredictionId> other = await served.LogAsync(2, s_x, _ => (null, [900f]));
        served.Time.Now = s_now;
        IReadOnlyList<PredictionId> late = await served.LogAsync(1, s_x, x => (null, [(float)(2 * x)]));
        string Truth(int i) => FormattableString.Invariant($"{(2 * s_x[i]) + (s_x[i] > 8 ? 5 : 0)}");
        await feedback.WriteAsync([.. early.Select((id, i) => (id, Truth(i))).Concat(other.Select((id, i) => (id, Truth(i)))).Concat(late.Take(200).Select((id, i) => (id, i == 0 ? "unknown" : Truth(i))))], CancellationToken.None);

        DriftSummary summary = (await monitor.CheckAsync(served.Model, CancellationToken.None))!;

        LossChange loss = DriftReport.FromJson((await reports.FindReportAsync(served.Model, summary.Id, html: false, CancellationToken.None))!).Loss!;
        Assert.Equal(DriftVerdict.None, summary.Verdict);
        Assert.Equal(599, loss.Rows);
        Assert.Equal(0.95, loss.Loss, 0.01);
        Assert.Equal(["8 … 9", "> 9"], loss.Causes.Take(2).Select(cause => cause.Slice).Order(StringComparer.Ordinal));
        Assert.All(loss.Causes.Take(2), cause => Assert.True(cause.Rate > 0.4 && cause.AdjustedPValue < 1e-9, cause.ToString()));
        Assert.Contains("the model has become worse", loss.Summary, StringComparison.Ordinal);
        Assert.Contains("x: 8 … 9</td><td class=\"n\">+0.49", await reports.FindReportAsync(served.Model, summary.Id, html: true, CancellationToken.None), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Check_WithoutLabels_OrWithNothingToCompareThemWith_SaysNothingOfErrors(bool known, bool labels)
    {
        (Served served, DriftMonitor monitor, DriftStore reports, FeedbackStore feedback) = await StartAsync(known);
        IReadOnlyList<PredictionId> ids = await served.LogAsync(1, s_x, x => (null, [(float)(2 * x)]));
        await feedback.WriteAsync([.. ids.Take(labels ? 400 : 0).Select(id => (id, "0"))], CancellationToken.None);

        DriftSummary summary = (await monitor.CheckAsync(served.Model, CancellationToken.None))!;

        Assert.Equal(400, summary.Rows);
        Assert.Null(DriftReport.FromJson((await reports.FindReportAsync(served.Model, summary.Id, html: false, CancellationToken.None))!).Loss);
    }

    private async Task<(Served Served, DriftMonitor Monitor, DriftStore Reports, FeedbackStore Feedback)> StartAsync(bool known)
    {
        Served served = await Served.StartAsync(azurite.ConnectionString, TestNames.Model(), TaskKind.Regression, s_now.AddDays(-1), s_x, "monitoring:\n  window: 24h\n");
        served.Time.Now = s_now;
        if (known)
        {
            LossProfile losses = LossProfile.Cut(new DataTable([new NumericColumn("x", s_x)]), ["x"], [.. s_x.Select((_, i) => i % 2 * 0.1)], isShare: false);
            await new RunStore(served.Connection).WriteArtifactAsync(ExportWinner.LossesArtifact(served.Model, $"{served.Model}-1"), losses, CancellationToken.None);
        }

        return (served, Monitors.Of(served), new DriftStore(served.Connection), new FeedbackStore(served.Connection, served.Time));
    }
}
