using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Functions.Hosting;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>Activity: cross-validates one candidate and tracks it as a run.</summary>
public sealed class TrainCandidate(PipelineSteps steps, TrainingData data, RunStore runs, TimeProvider time)
{
    [Function(nameof(TrainCandidate))]
    public Task<CandidateScore> Run([ActivityTrigger] CandidateStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline,
        $"train-{step.Index}",
        () => TrainAsync(step, cancellationToken),
        score => double.IsNaN(score.Mean) ? $"{score.Trainer}: could not be trained, see run {score.Run}" : $"{score.Trainer}: {score.Metric} {score.Mean:0.####} ± {score.StandardError:0.####}",
        cancellationToken);

    private async Task<CandidateScore> TrainAsync(CandidateStep step, CancellationToken cancellationToken)
    {
        TrainingPlan plan = await data.ReadPlanAsync(step.Plan, cancellationToken);
        CandidateSpec spec = plan.Candidates[step.Index];
        string metric = Metrics.Primary(plan.Task.Kind);
        RunRecord run = RunEnvironment.NewRun(step.Pipeline, step.Index, plan, time.GetUtcNow());
        Activity.Current?.SetTag(Telemetry.Run, run.Id);
        await runs.WriteAsync(run, cancellationToken);
        SplitData split = await data.LoadAsync(plan, cancellationToken);
        MetricTrace trace = new();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(plan.Configuration.Training.TimeLimit);
        try
        {
            CrossValidation result = Trainer.CrossValidate(split.Train, plan.Task, spec, split.Folds, plan.Seed, trace, limit.Token, TrainingThreads.Count);
            await runs.WriteMetricsAsync(run.Id, trace.Points, cancellationToken);
            Dictionary<string, double> metrics = result.Mean.ToDictionary();
            foreach ((string name, double error) in result.StandardError)
            {
                metrics[$"{name}.se"] = error;
            }

            await runs.WriteAsync(run with { Status = "finished", Metrics = metrics, Ended = time.GetUtcNow() }, cancellationToken);
            return new CandidateScore(step.Index, run.Id, spec.Trainer, metric, result.Mean[metric], result.StandardError.GetValueOrDefault(metric));
        }
        catch (Exception exception) when (exception is ArgumentException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // This candidate cannot learn from this data, or not in time; the others may.
            string error = exception is ArgumentException ? exception.Message : $"It took longer than {plan.Configuration.Training.TimeLimit} (training.timeLimit).";
            await runs.WriteAsync(run with { Status = "failed", Error = error, Ended = time.GetUtcNow() }, cancellationToken);
            return new CandidateScore(step.Index, run.Id, spec.Trainer, metric, double.NaN, double.NaN);
        }
    }
}
