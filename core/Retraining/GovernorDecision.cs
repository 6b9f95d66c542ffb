namespace Mlops.Core.Retraining;

/// <summary>The governor's answer.</summary>
/// <param name="Accepted">Whether a pipeline is started.</param>
/// <param name="Reason">Why, or why not.</param>
/// <param name="State">What the governor remembers from now on.</param>
public sealed record GovernorDecision(bool Accepted, string Reason, GovernorState State);
