using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Mlops.Functions.Deployment;

/// <summary>
/// Moves traffic to a version, step by step. Each round looks at what the version did and either goes on, takes it back, or waits; a rollout
/// that is overtaken by another ends by itself. Rounds follow each other by continue-as-new, so a canary may bake for weeks.
/// </summary>
public static class Rollout
{
    [Function(nameof(Rollout))]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context, RolloutState state)
    {
        // Looking again costs nothing and loses nothing, so every hiccup is tried again for a quarter of an hour.
        RolloutRound round = await context.CallActivityAsync<RolloutRound>(
            nameof(AdvanceRollout), state, TaskOptions.FromRetryPolicy(new RetryPolicy(10, TimeSpan.FromSeconds(2), 2.0, TimeSpan.FromMinutes(3))));
        context.SetCustomStatus(round.Detail);
        if (round.Done)
        {
            return;
        }

        await context.CreateTimer(round.Wait, CancellationToken.None);
        context.ContinueAsNew(round.Next);
    }
}
