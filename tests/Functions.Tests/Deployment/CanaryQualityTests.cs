using Mlops.Core.Learning;
using Mlops.Core.Traffic;
using Mlops.Functions.Deployment;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Deployment;

public class CanaryQualityTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Read_Classes_CountsEachLabelledAnswerOfBothVersionsSinceTheStepBegan()
    {
        (Served served, FeedbackStore feedback, CanaryQuality quality) = await StartAsync(TaskKind.Binary);
        served.Time.Now = s_now.AddHours(-2);
        IReadOnlyList<PredictionId> before = await Log(2, "no", 3);
        served.Time.Now = s_now.AddHours(-1);
        IReadOnlyList<PredictionId> stable = await Log(1, "yes", 4);
        served.Time.Now = s_now;
        IReadOnlyList<PredictionId> canary = await Log(2, "no", 5), other = await Log(3, "no", 2);
        await feedback.WriteAsync([.. before.Concat(stable).Concat(canary.Take(4)).Concat(other).Select(id => (id, "yes"))], CancellationToken.None);
        await feedback.WriteAsync([(canary[0], "no")], CancellationToken.None);

        (LabelledAnswers ofStable, LabelledAnswers ofCanary) = await quality.ReadAsync(served.Model, 1, 2, 10, s_now.AddMinutes(-90), s_now, CancellationToken.None);

        Assert.Equal((new LabelledAnswers(4, 0), new LabelledAnswers(4, 3)), (ofStable, ofCanary));

        Task<IReadOnlyList<PredictionId>> Log(int version, string label, int rows) => served.LogAsync(version, Enumerable.Repeat(1.0, rows), _ => (label, [0.5f, 0.5f]));
    }

    [Fact]
    public async Task Read_Numbers_MeasuresAbsoluteErrors_AndLeavesOutWhatIsNoNumber()
    {
        (Served served, FeedbackStore feedback, CanaryQuality quality) = await StartAsync(TaskKind.Regression);
        IReadOnlyList<PredictionId> canary = await served.LogAsync(2, [1, 2, 3], x => (null, [(float)(2 * x)]));
        await feedback.WriteAsync([(canary[0], "1"), (canary[1], "7.0"), (canary[2], "unknown")], CancellationToken.None);

        (LabelledAnswers stable, LabelledAnswers of) = await quality.ReadAsync(served.Model, 1, 2, 10, s_now.AddHours(-1), s_now, CancellationToken.None);

        Assert.Equal(LabelledAnswers.None, stable);
        Assert.Equal((2L, 2L, 2.0), (of.Labels, of.Loss.Count, of.Loss.Mean));
    }

    [Fact]
    public async Task Read_ClassesThatAreNumbers_CompareByValue()
    {
        (Served served, FeedbackStore feedback, CanaryQuality quality) = await StartAsync(TaskKind.Binary);
        IReadOnlyList<PredictionId> canary = await served.LogAsync(2, [1, 2], _ => ("1", [0.5f, 0.5f]));
        await feedback.WriteAsync([(canary[0], "1.0"), (canary[1], "0")], CancellationToken.None);

        Assert.Equal(new LabelledAnswers(2, 1), (await quality.ReadAsync(served.Model, 1, 2, 10, s_now.AddHours(-1), s_now, CancellationToken.None)).Canary);
    }

    private async Task<(Served Served, FeedbackStore Feedback, CanaryQuality Quality)> StartAsync(TaskKind kind)
    {
        Served served = await Served.StartAsync(azurite.ConnectionString, TestNames.Model(), kind, s_now, [.. Enumerable.Range(-50, 101).Select(i => i / 10.0)], "");
        FeedbackStore feedback = new(served.Connection, served.Time);
        return (served, feedback, new CanaryQuality(feedback, served.Predictions));
    }
}
