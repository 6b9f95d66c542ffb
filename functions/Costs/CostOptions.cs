namespace Mlops.Functions.Costs;

/// <summary>What a deployment says about its costs.</summary>
/// <param name="GigabytesOfMemory">Memory of an instance, in GB.</param>
/// <param name="TimerExecutions">How often timers fire in a month.</param>
public sealed record CostOptions(double GigabytesOfMemory, double TimerExecutions);
