using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>Activity: measures one trial of the search on its share of the folds and tracks it as a run; settings that go on to the next rung go on with their run.</summary>
public sealed class TrainTrial(PipelineSteps steps, TrainingData data, TrackedTraining training, RunStore runs, TimeProvider time)
{
    /// <summary>The id of the run of the settings of a trial.</summary>
    public static string RunId(string pipeline, int search, Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return TrainingPlan.RunId(pipeline, string.Create(CultureInfo.InvariantCulture, $"search-{search}-{trial.Configuration}"));
    }

    [Function(nameof(TrainTrial))]
    public Task<TrialScore> Run([ActivityTrigger] TrialStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline,
        string.Create(CultureInfo.InvariantCulture, $"trial-{step.Trial.Search}-{step.Trial.Number}"),
        () => TrainAsync(step, cancellationToken),
        score => score.Value is { } value ? value.ToString("0.####", CultureInfo.InvariantCulture) : "could not be measured, its run says why",
        cancellationToken);

    private async Task<TrialScore> TrainAsync(TrialStep step, CancellationToken cancellationToken)
    {
        TrainingPlan plan = await data.ReadPlanAsync(step.Plan, cancellationToken);
        SearchRound round = await runs.ReadArtifactAsync<SearchRound>(SearchReport.RoundArtifact(step.Model, step.Pipeline, step.Round), cancellationToken);
        Trial trial = round[step.Trial];
        CandidateSpec spec = round.Searches[step.Trial.Search].Candidate(trial);
        RunRecord run = RunEnvironment.NewRun(step.Pipeline, RunId(step.Pipeline, step.Trial.Search, trial), plan, spec, time.GetUtcNow()) with { Parent = TrainingPlan.SearchRunId(step.Pipeline) };
        CrossValidation? result = await training.MeasureAsync(
            run, plan, spec, CandidateSearch.Folds(trial, plan.Folds), step.Deadline, trial.Budget == 1 ? "finished" : "waiting", cancellationToken);
        string metric = plan.Metric;
        if (result?.Mean[metric] is not { } value || !double.IsFinite(value))
        {
            return new TrialScore(step.Trial, null);
        }

        await runs.WriteMetricsAsync(run.Id, [new MetricPoint($"rung.{metric}", trial.Rung + 1, value)], cancellationToken);
        return new TrialScore(step.Trial, value);
    }
}
