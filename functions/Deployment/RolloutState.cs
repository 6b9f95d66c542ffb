namespace Mlops.Functions.Deployment;

/// <summary>Where a rollout stands: small enough to carry from one round to the next.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version that takes over.</param>
/// <param name="Pipeline">The pipeline that made it.</param>
/// <param name="Step">The step of the configured percentages, from 0.</param>
/// <param name="Since">When the step began; null before its first round.</param>
/// <param name="Looks">Rounds in this step so far.</param>
public sealed record RolloutState(string Model, int Version, string Pipeline, int Step, DateTimeOffset? Since = null, int Looks = 0);

/// <summary>What a round of a rollout decided.</summary>
/// <param name="Done">Whether the rollout is over.</param>
/// <param name="Next">The state of the next round.</param>
/// <param name="Wait">How long to wait before it.</param>
/// <param name="Detail">What happened, in words.</param>
public sealed record RolloutRound(bool Done, RolloutState Next, TimeSpan Wait, string Detail);
