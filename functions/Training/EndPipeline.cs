using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Mlops.Functions.Hosting;
using Mlops.Functions.Notifications;
using Mlops.Storage.Pipelines;

namespace Mlops.Functions.Training;

/// <summary>Activity: records how a pipeline ended.</summary>
public sealed class EndPipeline(PipelineStore pipelines, Notifier notifier, ILogger<EndPipeline> logger)
{
    [Function(nameof(EndPipeline))]
    public async Task Run([ActivityTrigger] EndStep step, CancellationToken cancellationToken)
    {
        await pipelines.SetOutcomeAsync(step.Pipeline, step.Outcome.Status, step.Outcome.Reason, step.Outcome.Version, cancellationToken);
        if (step.Outcome.Status == "failed")
        {
            Log.PipelineFailed(logger, step.Pipeline, step.Outcome.Reason);
            if (await pipelines.FindAsync(step.Pipeline, cancellationToken) is { } pipeline)
            {
                await notifier.TellAsync($"pipeline-{step.Pipeline}", Notifier.PipelineFailed, pipeline.Model, step.Outcome.Reason, cancellationToken);
            }

            return;
        }

        Log.StepCompleted(logger, step.Pipeline, step.Outcome.Status, step.Outcome.Reason);
    }
}
