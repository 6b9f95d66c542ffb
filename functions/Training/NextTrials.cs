using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Configuration;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>Activity: tells the search what the trials of the last round measured and asks for those of the next; of a search that is over, what it found.</summary>
/// <remarks>A round is a function of the round before and of the values that the orchestration holds: done again it writes the same artifact.</remarks>
public sealed class NextTrials(PipelineSteps steps, TrainingData data, RunStore runs, TimeProvider time)
{
    [Function(nameof(NextTrials))]
    public Task<RoundOutcome> Run([ActivityTrigger] RoundStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline, string.Create(CultureInfo.InvariantCulture, $"search-{step.Round}"), () => NextAsync(step, cancellationToken), Describe, cancellationToken);

    private async Task<RoundOutcome> NextAsync(RoundStep step, CancellationToken cancellationToken)
    {
        // 1. The next round, from the one before.
        TrainingPlan plan = await data.ReadPlanAsync(step.Plan, cancellationToken);
        SearchRound before = step.Round == 0
            ? new SearchRound(plan.Searches, [])
            : await runs.ReadArtifactAsync<SearchRound>(SearchReport.RoundArtifact(step.Model, step.Pipeline, step.Round - 1), cancellationToken);
        SearchRound next = before.Next(step.Told, step.Stop ? 0 : plan.Configuration.Training.Search.Parallel);
        await runs.WriteArtifactAsync(SearchReport.RoundArtifact(step.Model, step.Pipeline, step.Round), next, cancellationToken);

        // 2. Runs of settings that go no further end; when the search is over, of all that wait.
        bool over = next.Asked.Count == 0;
        await PruneAsync(step.Pipeline, before, next, over, cancellationToken);
        RunRecord run = await SearchRunAsync(step, plan, cancellationToken);
        if (!over)
        {
            return new RoundOutcome([.. next.Asked], null, null);
        }

        // 3. What was found joins the candidates.
        return await EndAsync(step, plan, next, run, cancellationToken);
    }

    private async Task<RoundOutcome> EndAsync(RoundStep step, TrainingPlan plan, SearchRound last, RunRecord run, CancellationToken cancellationToken)
    {
        string metric = plan.Metric;
        int index = plan.Candidates.Count;
        var whole = last.Searches.Select((search, s) => (Search: search, Trial: SearchEngine.Best(search.State), Number: s)).Where(found => found.Trial is { Budget: 1 });
        CandidateScore? best = CandidateScore.Best(await Task.WhenAll(whole.Select(found => ScoreAsync(step.Pipeline, found.Number, found.Trial!, metric, cancellationToken))));
        CandidateSpec? spec = best is null ? null : last.Searches[best.Index].Candidate(SearchEngine.Best(last.Searches[best.Index].State)!);
        string name = $"{step.Model}/{step.Pipeline}/plan-searched.json";
        await runs.WriteArtifactAsync(name, spec is null ? plan : plan with { Candidates = [.. plan.Candidates, spec] }, cancellationToken);

        string report = SearchReport.Artifact(step.Model, step.Pipeline);
        await runs.WriteArtifactAsync(report, SearchReport.Of(run.Id, metric, last.Searches, cancellationToken), cancellationToken);
        await runs.WriteAsync(
            run with
            {
                Status = "finished",
                Metrics = best is null ? run.Metrics : new Dictionary<string, double> { [metric] = best.Mean, [$"{metric}.se"] = best.StandardError },
                Artifacts = [report, SearchReport.RoundArtifact(step.Model, step.Pipeline, step.Round)],
                Ended = time.GetUtcNow(),
            },
            cancellationToken);
        return new RoundOutcome([], name, best is null ? null : best with { Index = index });
    }

    /// <summary>The score of a trial, with its search as index.</summary>
    private async Task<CandidateScore> ScoreAsync(string pipeline, int search, Trial trial, string metric, CancellationToken cancellationToken)
    {
        string id = TrainTrial.RunId(pipeline, search, trial);
        RunRecord run = await runs.FindAsync(id, cancellationToken) ?? throw new PipelineException($"The run {id} of a trial is gone; restore it from a backup of the table of runs.");
        return new CandidateScore(search, id, run.Trainer, metric, run.Metrics[metric], run.Metrics.GetValueOrDefault($"{metric}.se", double.NaN));
    }

    private async Task PruneAsync(string pipeline, SearchRound before, SearchRound next, bool over, CancellationToken cancellationToken)
    {
        for (int s = 0; s < next.Searches.Count; s++)
        {
            SearchState state = next.Searches[s].State;
            HashSet<int> pruned = [.. SearchEngine.Pruned(state).Except(SearchEngine.Pruned(before.Searches[s].State))];
            foreach (Trial trial in state.Trials.Where(trial => trial.State == TrialState.Done && trial.Budget < 1 && (over || pruned.Contains(trial.Configuration))))
            {
                if (await runs.FindAsync(TrainTrial.RunId(pipeline, s, trial), cancellationToken) is { Status: "waiting" } run)
                {
                    await runs.WriteAsync(run with { Status = "pruned" }, cancellationToken);
                }
            }
        }
    }

    private async Task<RunRecord> SearchRunAsync(RoundStep step, TrainingPlan plan, CancellationToken cancellationToken)
    {
        string id = TrainingPlan.SearchRunId(step.Pipeline);
        if (await runs.FindAsync(id, cancellationToken) is { } run)
        {
            return run;
        }

        TrainingSearchOptions search = plan.Configuration.Training.Search;
        CandidateSpec settings = new("search", new Dictionary<string, double> { ["trials"] = search.Trials, ["parallel"] = search.Parallel, ["rungs"] = search.Rungs, ["reduction"] = search.Reduction });
        run = RunEnvironment.NewRun(step.Pipeline, id, plan, settings, time.GetUtcNow());
        await runs.WriteAsync(run, cancellationToken);
        return run;
    }

    private static string Describe(RoundOutcome outcome) => outcome switch
    {
        { Trials.Length: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{outcome.Trials.Length} trials asked for"),
        { Best: { } best } => string.Create(CultureInfo.InvariantCulture, $"best found: {best.Trainer}, {best.Metric} {best.Mean:0.####} ± {best.StandardError:0.####}, run {best.Run}"),
        _ => "nothing was measured on all folds",
    };
}
