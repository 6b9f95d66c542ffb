using Microsoft.Azure.Functions.Worker;

namespace Mlops.Functions.Deployment;

/// <summary>Activity: one round of a rollout.</summary>
public sealed class AdvanceRollout(RolloutService rollouts)
{
    [Function(nameof(AdvanceRollout))]
    public Task<RolloutRound> Run([ActivityTrigger] RolloutState state, CancellationToken cancellationToken) => rollouts.AdvanceAsync(state, cancellationToken);
}
