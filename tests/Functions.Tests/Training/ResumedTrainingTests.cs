using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Functions.Training;
using Mlops.Storage.Registry;
using Mlops.Storage.Runs;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Training;

public class ResumedTrainingTests(AzuriteFixture azurite)
{
    private const string Yaml = "training: {folds: 3, candidates: [{trainer: boosting, parameters: {iterations: 100, earlyStoppingRounds: 0}}]}\n";
    private readonly CancellationToken _none = CancellationToken.None;

    [Fact]
    public async Task Measure_AfterAnAttemptThatDiedBetweenFolds_MeasuresOnlyTheOthers()
    {
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, Yaml);
        TrainingPlan plan = await harness.ReadPlanAsync("p-1");
        RunRecord run = NewRun(harness, plan);
        TrackedTraining training = harness.Get<TrackedTraining>();

        // A process that dies after the first fold leaves what one does that measures no more and remains running.
        await training.MeasureAsync(run, plan, plan.Candidates[0], 1, null, "running", _none);
        CrossValidation? result = await training.MeasureAsync(run, plan, plan.Candidates[0], 3, null, "finished", _none);

        RunRecord ended = (await harness.Get<RunStore>().FindAsync(run.Id, _none))!;
        Assert.Equal(("finished", 1), (ended.Status, ended.Resumed));
        Assert.Equal((await UndisturbedAsync(harness, plan)).Mean, result!.Mean);
    }

    [Fact]
    public async Task Measure_AfterAnAttemptThatDiedInAFold_GoesOnFromItsCheckpoint()
    {
        using CancellationTokenSource kill = new();
        HastyClock clock = new();
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, Yaml, time: clock);
        TrainingPlan plan = await harness.ReadPlanAsync("p-1");
        RunRecord run = NewRun(harness, plan);
        TrackedTraining training = harness.Get<TrackedTraining>();
        CheckpointStore checkpoints = harness.Get<CheckpointStore>();

        // Five of the ten checkpoints of the first fold.
        clock.StopAfter(10, kill);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training.MeasureAsync(run, plan, plan.Candidates[0], 3, null, "finished", kill.Token));
        Assert.Single(await checkpoints.ReadAsync(run.Id, _none));
        Assert.Equal("running", (await harness.Get<RunStore>().FindAsync(run.Id, _none))!.Status);

        CrossValidation? result = await training.MeasureAsync(run, plan, plan.Candidates[0], 3, null, "finished", _none);

        RunRecord ended = (await harness.Get<RunStore>().FindAsync(run.Id, _none))!;
        Assert.Equal(("finished", 1), (ended.Status, ended.Resumed));
        Assert.Equal((await UndisturbedAsync(harness, plan)).Mean, result!.Mean);
        Assert.Empty(await checkpoints.ReadAsync(run.Id, _none));
    }

    [Fact]
    public async Task Export_AfterAnAttemptThatDied_GoesOnAndGivesTheSameModel()
    {
        List<string> models = [];
        foreach (bool disturbed in new[] { false, true })
        {
            using CancellationTokenSource kill = new();
            HastyClock clock = new();
            TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, Yaml, time: clock);
            string pipeline = $"{harness.Model}-1";
            PlanOutcome plan = await harness.PlanAsync(pipeline);
            CandidateScore winner = await harness.Get<TrainCandidate>().Run(new CandidateStep(pipeline, harness.Model, plan.Plan!, 0), _none);
            ExportStep step = new("p-1", harness.Model, plan.Plan!, winner);
            if (disturbed)
            {
                // Half of the iterations with two looks each, and their checkpoints.
                clock.StopAfter(110, kill);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => harness.Get<ExportWinner>().Run(step, kill.Token));
                Assert.Single(await harness.Get<CheckpointStore>().ReadAsync(winner.Run, _none));

                // Who looks meanwhile sees how far it is.
                MetricPoint[] losses = [.. (await harness.Get<RunStore>().ReadMetricsAsync(winner.Run, _none)).Where(point => point.Name == "train.loss")];
                Assert.InRange(losses.Length, 30, 70);
                Assert.True(losses[^1].Value < losses[0].Value);
            }

            ExportedModel model = await harness.Get<ExportWinner>().Run(step, _none);
            RunStore runs = harness.Get<RunStore>();
            Assert.Equal(disturbed ? 1 : 0, (await runs.FindAsync(winner.Run, _none))!.Resumed);
            Assert.Equal(Enumerable.Range(1, 100), (await runs.ReadMetricsAsync(winner.Run, _none)).Where(point => point.Name == "train.loss").Select(point => point.Step));
            Assert.Empty(await harness.Get<CheckpointStore>().ReadAsync(winner.Run, _none));

            // The ONNX file also names the model; what was learned is in the trained model beside it.
            models.Add((await harness.Get<RegistryStore>().FindTrainedAsync(harness.Model, model.Hash, _none))!);
        }

        Assert.Equal(models[0], models[1]);
    }

    private static RunRecord NewRun(TrainingHarness harness, TrainingPlan plan) =>
        RunEnvironment.NewRun("p-1", TrainingPlan.RunId(harness.Model, 0), plan, plan.Candidates[0], TimeProvider.System.GetUtcNow());

    private static async Task<CrossValidation> UndisturbedAsync(TrainingHarness harness, TrainingPlan plan)
    {
        SplitData split = await harness.Get<TrainingData>().LoadAsync(plan, CancellationToken.None);
        return Trainer.CrossValidate(split.Train, plan.Task, plan.Candidates[0], split.Folds, plan.Seed, null, CancellationToken.None);
    }

    /// <summary>A clock on which an interval passes at every look, so that no checkpoint is too early; it can end an attempt after some looks.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _looks;
        private long _last = long.MaxValue;
        private CancellationTokenSource? _kill;

        public override long TimestampFrequency => 1;

        public void StopAfter(int looks, CancellationTokenSource kill)
        {
            _last = _looks + looks;
            _kill = kill;
        }

        public override long GetTimestamp()
        {
            if (++_looks == _last)
            {
                _kill!.Cancel();
            }

            return _looks * ((long)TrainingJournal.Interval.TotalSeconds + 1);
        }
    }
}
