using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;
using Mlops.Functions.Training;
using Mlops.Storage.Runs;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Training;

public class SearchTests(AzuriteFixture azurite)
{
    private const string Yaml = """
        training:
          folds: 3
          candidates:
            - {trainer: linear, parameters: {strength: {from: 0.0001, to: 1, scale: log}}}
            - {trainer: forest, parameters: {trees: 4, minLeafRows: {from: 1, to: 30}, maxDepth: [2, 4, 8]}}
          search: {method: random, trials: 12, parallel: 5, rungs: 2}
        """;

    private readonly CancellationToken _none = CancellationToken.None;

    [Fact]
    public async Task Search_ToItsEnd_TracksEveryTrialAndPutsTheBestIntoThePlan()
    {
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, Yaml);
        string pipeline = $"{harness.Model}-1";
        PlanOutcome plan = await harness.PlanAsync(pipeline);
        Assert.Equal((1, TimeSpan.FromMinutes(30)), (plan.Candidates, plan.SearchLimit));

        RoundOutcome end = await SearchAsync(harness, pipeline, plan.Plan!);

        // Per search: twelve on one fold of three, a third of them on all.
        RunStore runs = harness.Get<RunStore>();
        IReadOnlyList<RunRecord> trials = await runs.ReadChildrenAsync(TrainingPlan.SearchRunId(pipeline), _none);
        Assert.Equal([("finished", 8), ("pruned", 16)], trials.GroupBy(run => run.Status).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count())));
        Assert.All(trials, run => Assert.Equal(0, run.Resumed));
        foreach (RunRecord run in trials)
        {
            IReadOnlyList<MetricPoint> points = await runs.ReadMetricsAsync(run.Id, _none);
            Assert.Equal(run.Status == "finished" ? [1, 2, 3] : [1], points.Where(point => point.Name == "logLoss").Select(point => point.Step));
            Assert.Equal(run.Status == "finished" ? [1, 2] : [1], points.Where(point => point.Name == "rung.logLoss").Select(point => point.Step));
        }

        // The best is the best of those on all folds, with exactly the score of a cross-validation from scratch: folds that a trial kept from its first rung are those of the whole.
        RunRecord best = trials.Where(run => run.Status == "finished").MinBy(run => run.Metrics["logLoss"])!;
        Assert.Equal((best.Id, 1, best.Metrics["logLoss"]), (end.Best!.Run, end.Best.Index, end.Best.Mean));
        TrainingPlan searched = await harness.Get<TrainingData>().ReadPlanAsync(end.Plan!, _none);
        Assert.Equal(["baseline", best.Trainer], searched.Candidates.Select(candidate => candidate.Trainer));
        Assert.Equal(best.Parameters, searched.Candidates[1].Parameters);
        SplitData split = await harness.Get<TrainingData>().LoadAsync(searched, _none);
        CrossValidation expected = Trainer.CrossValidate(split.Train, searched.Task, searched.Candidates[1], split.Folds, searched.Seed, null, _none);
        Assert.Equal((expected.Mean["logLoss"], expected.StandardError["logLoss"]), (end.Best.Mean, end.Best.StandardError));

        SearchReport report = (await runs.FindArtifactAsync<SearchReport>(SearchReport.Artifact(harness.Model, pipeline), _none))!;
        Assert.Equal("finished", (await runs.FindAsync(report.Run, _none))!.Status);
        Assert.Equal([("linear", 12, 4), ("forest", 12, 4)], report.Searches.Select(search => (search.Trainer, search.Tried, search.Whole)));
        Assert.Equal(["maxDepth", "minLeafRows"], report.Searches[1].Importance.Select(setting => setting.Feature).Order(StringComparer.Ordinal));
        Assert.Equal(report.Run, Assert.Single(await runs.ReadChildrenAsync(pipeline, _none)).Id);
    }

    [Fact]
    public async Task Search_ForTheSecondTime_TriesAndMeasuresTheSame()
    {
        TrainingHarness[] harnesses = [await TrainingHarness.OpenAsync(azurite, Yaml), await TrainingHarness.OpenAsync(azurite, Yaml)];
        List<(double, string)> found = [];
        foreach (TrainingHarness harness in harnesses)
        {
            string pipeline = $"{harness.Model}-1";
            RoundOutcome end = await SearchAsync(harness, pipeline, (await harness.PlanAsync(pipeline)).Plan!);
            RunRecord best = (await harness.Get<RunStore>().FindAsync(end.Best!.Run, _none))!;
            found.Add((end.Best.Mean, string.Join(", ", best.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal))));
        }

        Assert.Equal(found[0], found[1]);
    }

    [Fact]
    public async Task Search_Stopped_EndsWithoutACandidateWhenNothingIsWhole()
    {
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, Yaml);
        string pipeline = $"{harness.Model}-1";
        string plan = (await harness.PlanAsync(pipeline)).Plan!;
        RoundOutcome first = await AskAsync(harness, pipeline, plan, 0, []);
        TrialScore[] told = await MeasureAsync(harness, pipeline, plan, 0, first, DateTimeOffset.UtcNow.AddHours(1));

        RoundOutcome end = await AskAsync(harness, pipeline, plan, 1, told, stop: true);

        Assert.Empty(end.Trials);
        Assert.Null(end.Best);
        Assert.Equal("baseline", Assert.Single((await harness.Get<TrainingData>().ReadPlanAsync(end.Plan!, _none)).Candidates).Trainer);
        Assert.All(await harness.Get<RunStore>().ReadChildrenAsync(TrainingPlan.SearchRunId(pipeline), _none), run => Assert.Equal("pruned", run.Status));
    }

    [Fact]
    public async Task Measure_OneFoldOfAForecast_IsOneThatMeasures()
    {
        // Before the first fold of a forecast nothing is known: it measures nothing.
        const string Forecast = "task: forecast\ntarget: sold\nforecast: {horizon: 5, season: 7}\ntraining: {folds: 3, candidates: [{trainer: linear}]}\n";
        string csv = "day,sold\n" + string.Concat(Enumerable.Range(0, 200).Select(day => FormattableString.Invariant($"{new DateTime(2025, 1, 1).AddDays(day):yyyy-MM-dd},{10 + (day % 7)}\n")));
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, Forecast, rows: 200, csv: csv);
        TrainingPlan plan = await harness.ReadPlanAsync("p-1");
        RunRecord run = RunEnvironment.NewRun("p-1", TrainingPlan.RunId(harness.Model, 0), plan, plan.Candidates[0], TimeProvider.System.GetUtcNow());

        CrossValidation? result = await harness.Get<TrackedTraining>().MeasureAsync(run, plan, plan.Candidates[0], 1, null, "waiting", _none);

        Assert.True(double.IsFinite(Assert.Single(result!.Folds)["rmse"]));
    }

    [Fact]
    public async Task Trial_PastTheDeadline_FailsAndSaysWhy()
    {
        TrainingHarness harness = await TrainingHarness.OpenAsync(azurite, Yaml);
        string pipeline = $"{harness.Model}-1";
        string plan = (await harness.PlanAsync(pipeline)).Plan!;
        RoundOutcome first = await AskAsync(harness, pipeline, plan, 0, []);

        TrialScore[] told = await MeasureAsync(harness, pipeline, plan, 0, first, DateTimeOffset.UtcNow.AddSeconds(-1));

        Assert.All(told, score => Assert.Null(score.Value));
        Assert.All(await harness.Get<RunStore>().ReadChildrenAsync(TrainingPlan.SearchRunId(pipeline), _none), run =>
        {
            Assert.Equal("failed", run.Status);
            Assert.Contains("training.timeLimit", run.Error, StringComparison.Ordinal);
        });
    }

    /// <summary>What the orchestrator does, with every activity called twice, as after a crash between its end and its record.</summary>
    private async Task<RoundOutcome> SearchAsync(TrainingHarness harness, string pipeline, string plan)
    {
        TrialScore[] told = [];
        for (int round = 0; ; round++)
        {
            RoundOutcome asked = await AskAsync(harness, pipeline, plan, round, told);
            RoundOutcome again = await AskAsync(harness, pipeline, plan, round, told);
            Assert.Equal(asked.Trials, again.Trials);
            Assert.Equal((asked.Plan, asked.Best), (again.Plan, again.Best));
            if (asked.Trials.Length == 0)
            {
                return asked;
            }

            told = await MeasureAsync(harness, pipeline, plan, round, asked, DateTimeOffset.UtcNow.AddHours(1));
            Assert.Equal(told, await MeasureAsync(harness, pipeline, plan, round, asked, DateTimeOffset.UtcNow.AddHours(1)));
        }
    }

    private Task<RoundOutcome> AskAsync(TrainingHarness harness, string pipeline, string plan, int round, TrialScore[] told, bool stop = false) =>
        harness.Get<NextTrials>().Run(new RoundStep(pipeline, harness.Model, plan, round, told, stop), _none);

    private Task<TrialScore[]> MeasureAsync(TrainingHarness harness, string pipeline, string plan, int round, RoundOutcome asked, DateTimeOffset deadline) =>
        Task.WhenAll(asked.Trials.Select(trial => harness.Get<TrainTrial>().Run(new TrialStep(pipeline, harness.Model, plan, round, trial, deadline), _none)));
}
