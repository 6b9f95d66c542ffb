using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Functions.Hosting;
using Mlops.Storage.Costs;
using Mlops.Storage.Pipelines;

namespace Mlops.Functions.Training;

/// <summary>Runs the work of a step and records its start and end, for the pipeline's page, the log and the trace.</summary>
public sealed class PipelineSteps(PipelineStore store, ILogger<PipelineSteps> logger)
{
    /// <summary>Runs one step.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="step">The step's name.</param>
    /// <param name="work">The work; it may be done again after a crash, with the same result.</param>
    /// <param name="describe">The result in words.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<T> RunAsync<T>(string pipeline, string step, Func<Task<T>> work, Func<T, string> describe, CancellationToken cancellationToken)
    {
        UsageScope.BelongsTo(PipelineIds.ModelOf(pipeline));
        PipelineRecord? record = await store.FindAsync(pipeline, cancellationToken);
        using Activity? activity = Telemetry.StartIn(record, step.Split('-')[0])?.SetTag(Telemetry.Step, step);
        using IDisposable? scope = Log.Scope(logger, record?.Model, pipeline: pipeline);
        long timestamp = Stopwatch.GetTimestamp();
        PipelineStep started = await store.StartStepAsync(pipeline, step, cancellationToken);
        Log.StepStarted(logger, pipeline, step);
        try
        {
            T result = await work();
            string detail = describe(result);
            await store.EndStepAsync(pipeline, started, "completed", detail, cancellationToken);
            PlatformMeter.StepEnded(record?.Model, step.Split('-')[0], Stopwatch.GetElapsedTime(timestamp));
            Log.StepCompleted(logger, pipeline, step, detail);
            return result;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            activity.Fail(exception);
            PlatformMeter.StepEnded(record?.Model, step.Split('-')[0], Stopwatch.GetElapsedTime(timestamp), exception);
            await store.EndStepAsync(pipeline, started, "failed", exception.Message, cancellationToken);
            Log.StepFailed(logger, pipeline, step, exception.Message);
            throw;
        }
    }
}
