using Mlops.Core.Traffic;

namespace Mlops.Core.Registry;

/// <summary>A decided change of one model's record: committed whole, with its ledger entry, or not at all.</summary>
/// <param name="Action">What happened, for example <c>register</c>, <c>canary</c>, <c>promote</c>, <c>rollback</c>.</param>
/// <param name="Detail">Why, in words that a reader of the ledger understands.</param>
/// <param name="Versions">New or changed versions.</param>
/// <param name="Traffic">The new traffic policy, or null when traffic stays.</param>
/// <param name="PreviousChampion">The champion that this change replaces, or null when it replaces none.</param>
/// <param name="Configuration">The configuration that was applied, or null when it stays.</param>
public sealed record RegistryChange(
    string Action, string Detail, IReadOnlyList<ModelVersion> Versions, TrafficPolicy? Traffic = null, int? PreviousChampion = null, AppliedConfiguration? Configuration = null);
