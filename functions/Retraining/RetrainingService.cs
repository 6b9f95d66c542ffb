using System.Diagnostics;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Mlops.Core.Configuration;
using Mlops.Core.Retraining;
using Mlops.Functions.Arrival;
using Mlops.Functions.Hosting;
using Mlops.Functions.Training;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Retraining;

namespace Mlops.Functions.Retraining;

/// <summary>Puts requests for retraining before the governor and starts what it accepts.</summary>
public sealed class RetrainingService(RetrainingStore store, PipelineStore pipelines, ConfigurationReader configurations, TimeProvider time, ILogger<RetrainingService> logger)
{
    /// <summary>Decides on a request once, however often it comes, and makes sure that what was accepted runs.</summary>
    public async Task<RetrainingDecision> RequestAsync(DurableTaskClient client, RetrainingRequest request, CancellationToken cancellationToken)
    {
        RetrainingDecision? decision = await store.FindAsync(request.Model, request.Id, cancellationToken);
        while (decision is null)
        {
            decision = await TryDecideAsync(client, request, cancellationToken) ?? await store.FindAsync(request.Model, request.Id, cancellationToken);
        }

        if (decision.Pipeline is { } pipeline)
        {
            // After a crash between the decision and the start, the same request comes again and starts it.
            if (request.Actor is { } actor)
            {
                await pipelines.SetActorAsync(pipeline, actor, cancellationToken);
            }

            await pipelines.AddAsync(new PipelineRecord(pipeline, request.Model, request.Trigger, request.Reason, time.GetUtcNow(), Activity.Current?.Id), cancellationToken);
            await ArrivalService.ScheduleOnceAsync(client, pipeline, new PipelineRequest(request.Model, request.Trigger, request.Reason, null), cancellationToken);
        }

        return decision;
    }

    private async Task<RetrainingDecision?> TryDecideAsync(DurableTaskClient client, RetrainingRequest request, CancellationToken cancellationToken)
    {
        RetrainingOptions options = (await configurations.ReadOrDefaultAsync(request.Model, cancellationToken)).Retraining;
        GovernorSnapshot snapshot = await store.ReadStateAsync(request.Model, cancellationToken);
        // A pipeline has decided when its outcome is there; its canary may wait for traffic long after.
        bool running = snapshot.State.RunningPipeline is { } last && await pipelines.FindOutcomeAsync(last, cancellationToken) is null && await client.GetInstanceAsync(last, cancellationToken) is { IsCompleted: false };
        string pipeline = ArrivalService.PipelineIdFor(request.Model, $"request {request.Id}");
        DateTimeOffset now = time.GetUtcNow();
        GovernorDecision answer = Governor.Decide(snapshot.State, request, new RetrainingPolicy(options.OnDrift, options.MinimumInterval, options.DailyBudget), running, pipeline, now);
        RetrainingDecision decision = new(request, answer.Accepted, answer.Reason, answer.Accepted ? pipeline : null, now);
        if (!await store.TryCommitAsync(snapshot, answer.State, decision, cancellationToken))
        {
            return null;
        }

        PlatformMeter.RetrainingDecided(request.Model, request.Trigger, answer.Accepted);
        Log.RetrainingDecided(logger, request.Model, request.Id, answer.Accepted ? "accepted" : "refused", answer.Reason);
        return decision;
    }
}
