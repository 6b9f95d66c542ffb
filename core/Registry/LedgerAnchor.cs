namespace Mlops.Core.Registry;

/// <summary>A ledger entry's hash, kept outside of the ledger.</summary>
/// <param name="Sequence">The entry.</param>
/// <param name="Hash">Its hash when it was anchored.</param>
/// <param name="Time">When the storage service wrote the anchor, by its own clock.</param>
public sealed record LedgerAnchor(long Sequence, string Hash, DateTimeOffset Time);
