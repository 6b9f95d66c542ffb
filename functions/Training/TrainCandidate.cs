using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;

namespace Mlops.Functions.Training;

/// <summary>Activity: cross-validates one candidate and tracks it as a run.</summary>
public sealed class TrainCandidate(PipelineSteps steps, TrainingData data, TrackedTraining training, TimeProvider time)
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
        string metric = plan.Metric;
        string run = TrainingPlan.RunId(step.Pipeline, step.Index);
        CrossValidation? result = await training.MeasureAsync(
            RunEnvironment.NewRun(step.Pipeline, run, plan, spec, time.GetUtcNow()), plan, spec, plan.Folds, null, "finished", cancellationToken);
        return new CandidateScore(step.Index, run, spec.Trainer, metric, result?.Mean[metric] ?? double.NaN, result?.StandardError[metric] ?? double.NaN);
    }
}
