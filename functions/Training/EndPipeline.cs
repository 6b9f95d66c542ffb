using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Mlops.Functions.Hosting;
using Mlops.Functions.Notifications;
using Mlops.Storage.Pipelines;

namespace Mlops.Functions.Training;

/// <summary>Activity: records how a pipeline ended.</summary>
public sealed class EndPipeline(PipelineStore pipelines, Notifier notifier, TimeProvider time, ILogger<EndPipeline> logger)
{
    [Function(nameof(EndPipeline))]
    public async Task Run([ActivityTrigger] EndStep step, CancellationToken cancellationToken)
    {
        PipelineRecord? record = await pipelines.FindAsync(step.Pipeline, cancellationToken);
        using Activity? activity = Telemetry.StartIn(record, "pipeline", record?.Created ?? default)
            ?.SetTag(Telemetry.Outcome, step.Outcome.Status).SetTag(Telemetry.ModelVersion, step.Outcome.Version);
        using IDisposable? scope = Log.Scope(logger, record?.Model, step.Outcome.Version, pipeline: step.Pipeline);
        if (record is not null)
        {
            PlatformMeter.PipelineEnded(record.Model, record.Trigger, step.Outcome.Status, time.GetUtcNow() - record.Created);
        }

        await pipelines.SetOutcomeAsync(step.Pipeline, step.Outcome.Status, step.Outcome.Reason, step.Outcome.Version, cancellationToken);
        if (step.Outcome.Status == "failed")
        {
            activity?.SetStatus(ActivityStatusCode.Error, step.Outcome.Reason);
            Log.PipelineFailed(logger, step.Pipeline, step.Outcome.Reason);
            if (record is not null)
            {
                await notifier.TellAsync($"pipeline-{step.Pipeline}", Notifier.PipelineFailed, record.Model, step.Outcome.Reason, cancellationToken);
            }

            return;
        }

        Log.StepCompleted(logger, step.Pipeline, step.Outcome.Status, step.Outcome.Reason);
    }
}
