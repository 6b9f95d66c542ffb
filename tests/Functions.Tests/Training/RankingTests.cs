using System.Text.Json.Nodes;
using Mlops.Core.Evaluation;
using Mlops.Functions.Training;
using Mlops.Storage.Runs;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Training;

/// <summary>What decides at the gate decides between the candidates too.</summary>
public class RankingTests(AzuriteFixture azurite)
{
    private readonly CancellationToken _none = CancellationToken.None;

    [Theory]
    [InlineData("gates: {metric: rocAuc}\ntraining: {folds: 2, candidates: [{trainer: linear}]}\n", "rocAuc")]
    [InlineData("training: {folds: 2, candidates: [{trainer: linear}]}\n", "logLoss")]
    [InlineData("task: regression\ntarget: x1\ntraining: {folds: 2, candidates: [{trainer: boosting, parameters: {loss: quantile, quantile: 0.9, iterations: 20}}]}\n", "pinball")]
    public async Task Train_EveryCandidate_IsScoredByTheMetricThatDecides(string yaml, string metric)
    {
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, yaml);
        string pipeline = $"{harness.Model}-1";
        PlanOutcome plan = await harness.PlanAsync(pipeline);
        Assert.Equal(2, plan.Candidates);

        CandidateScore[] scores = [await TrainAsync(0), await TrainAsync(1)];

        Assert.All(scores, score => Assert.Equal(metric, score.Metric));
        Assert.Equal(0, CandidateScore.Best(scores)!.Index);
        foreach (CandidateScore score in scores)
        {
            Assert.Equal((await harness.Get<RunStore>().FindAsync(score.Run, _none))!.Metrics[metric], score.Mean);
        }

        Task<CandidateScore> TrainAsync(int index) => harness.Get<TrainCandidate>().Run(new CandidateStep(pipeline, harness.Model, plan.Plan!, index), _none);
    }

    [Fact]
    public async Task Train_PlanOfAVersionThatNamedNoMetric_GoesOnRankingAsItBegan()
    {
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, "gates: {metric: rocAuc}\ntraining: {folds: 2, candidates: [{trainer: linear}]}\n");
        string pipeline = $"{harness.Model}-1";
        PlanOutcome plan = await harness.PlanAsync(pipeline);
        RunStore runs = harness.Get<RunStore>();
        JsonObject earlier = await runs.ReadArtifactAsync<JsonObject>(plan.Plan!, _none);
        Assert.True(earlier.Remove("metric"));
        await runs.WriteArtifactAsync(plan.Plan!, earlier, _none);

        Assert.Equal("logLoss", (await harness.Get<TrainCandidate>().Run(new CandidateStep(pipeline, harness.Model, plan.Plan!, 0), _none)).Metric);
    }

    [Fact]
    public async Task Plan_MetricOfAnotherTask_IsBlockedBeforeAnythingIsTrained()
    {
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, "gates: {metric: rmse}\n");

        PlanOutcome plan = await harness.PlanAsync("p-1");

        Assert.Equal(("blocked", null), (plan.Status, plan.Plan));
        Assert.Contains("gates.metric: rmse for a Binary task", plan.Reason, StringComparison.Ordinal);
    }
}
