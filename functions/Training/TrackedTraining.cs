using System.Diagnostics;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Functions.Hosting;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>Cross-validates candidates as tracked runs. Every fold is kept when it is measured, and boosting keeps checkpoints within: done again, it goes on.</summary>
public sealed class TrackedTraining(TrainingData data, RunStore runs, CheckpointStore checkpoints, TimeProvider time)
{
    /// <summary>Measures a candidate.</summary>
    /// <param name="run">The run as it begins; its earlier state, if there is one, goes on.</param>
    /// <param name="plan">What is learned, from which rows.</param>
    /// <param name="spec">The candidate.</param>
    /// <param name="folds">Measures on so many folds, the first that measure anything (the first of a forecast does not); those that are measured already are not measured again.</param>
    /// <param name="deadline">When the whole search must end; null outside of one.</param>
    /// <param name="measured">The run's status afterwards.</param>
    /// <param name="cancellationToken">Stops the work; another attempt goes on.</param>
    /// <returns>The metrics, or null when the candidate cannot be trained, or not in time: the run says why.</returns>
    public async Task<CrossValidation?> MeasureAsync(RunRecord run, TrainingPlan plan, CandidateSpec spec, int folds, DateTimeOffset? deadline, string measured, CancellationToken cancellationToken)
    {
        Activity.Current?.SetTag(Telemetry.Run, run.Id);

        // 1. What has an earlier attempt, or an earlier rung, left?
        string artifact = $"{run.Model}/{run.Pipeline}/folds/{run.Id}.json";
        RunRecord? earlier = await runs.FindAsync(run.Id, cancellationToken);
        List<FoldResult> results = await runs.FindArtifactAsync<List<FoldResult>>(artifact, cancellationToken) ?? [];
        TrainingJournal journal = await TrainingJournal.OpenAsync(checkpoints, run.Id, time, cancellationToken);
        run = run with
        {
            Started = earlier?.Started ?? run.Started,
            Metrics = earlier?.Metrics ?? run.Metrics,
            Resumed = (earlier?.Resumed ?? 0) + (earlier?.Status == run.Status && results.Count > 0 ? 1 : 0),
            Artifacts = [artifact],
        };
        await runs.WriteAsync(run, cancellationToken);
        SplitData split = await data.LoadAsync(plan, cancellationToken);
        TimeSpan limit = plan.Configuration.Training.TimeLimit;
        using CancellationTokenSource late = new(Earlier(limit, deadline - time.GetUtcNow()), time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            // 2. Fold by fold; each is kept as soon as it is there.
            for (int fold = results.Count == 0 ? 0 : results[^1].Fold + 1; fold < plan.Folds && results.Count < folds; fold++)
            {
                bool resumed = journal.Resumed;
                FoldResult? result = Trainer.MeasureFold(split.Train, plan.Task, spec, split.Folds, fold, plan.Seed, journal.Checkpoints, stop.Token, TrainingThreads.Count);
                if (journal.Resumed && !resumed && run.Resumed == (earlier?.Resumed ?? 0))
                {
                    run = run with { Resumed = run.Resumed + 1 };
                }

                if (result is not null)
                {
                    results.Add(result);
                    await runs.WriteArtifactAsync(artifact, results, cancellationToken);
                    await runs.WriteMetricsAsync(run.Id, result.Metrics.Select(metric => new MetricPoint(metric.Key, fold + 1, metric.Value)), cancellationToken);
                }

                await journal.ClearAsync();
            }

            // 3. All of it.
            CrossValidation summary = CrossValidation.Of(plan.Task, results);
            Dictionary<string, double> metrics = summary.Mean.ToDictionary();
            foreach ((string name, double error) in summary.StandardError)
            {
                metrics[$"{name}.se"] = error;
            }

            await runs.WriteAsync(run with { Status = measured, Metrics = metrics, Ended = time.GetUtcNow() }, cancellationToken);
            return summary;
        }
        catch (Exception exception) when (exception is ArgumentException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // This candidate cannot learn from this data, or not in time; the others may.
            string error = exception is ArgumentException
                ? exception.Message
                : deadline <= time.GetUtcNow() ? $"The search took longer than {limit} (training.timeLimit)." : $"It took longer than {limit} (training.timeLimit).";
            await runs.WriteAsync(run with { Status = "failed", Error = error, Ended = time.GetUtcNow() }, cancellationToken);
            await journal.ClearAsync();
            return null;
        }
    }

    private static TimeSpan Earlier(TimeSpan limit, TimeSpan? left) => left is { } rest && rest < limit ? (rest > TimeSpan.Zero ? rest : TimeSpan.Zero) : limit;
}
