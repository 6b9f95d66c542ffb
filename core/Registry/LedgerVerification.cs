using System.Globalization;

namespace Mlops.Core.Registry;

/// <summary>
/// A ledger held against itself and against its anchors. The chain alone finds entries that were changed, removed from the middle or inserted;
/// the anchors find a chain that was cut at its end, or written anew from some entry on, as whoever may write the table can do.
/// </summary>
/// <param name="Entries">Entries of the ledger.</param>
/// <param name="Head">The hash of the last one, or null when there is none.</param>
/// <param name="Anchors">Anchors found.</param>
/// <param name="AnchoredTo">The last entry that an anchor confirms; later ones rest on the chain alone. 0: none.</param>
/// <param name="Findings">What is wrong, each with what was found and what was expected; empty when the ledger holds.</param>
public sealed record LedgerVerification(long Entries, string? Head, int Anchors, long AnchoredTo, IReadOnlyList<string> Findings)
{
    /// <summary>Findings told at most.</summary>
    public const int MaxFindings = 20;

    /// <summary>Whether nothing is wrong.</summary>
    public bool Holds => Findings.Count == 0;

    /// <summary>Verifies a ledger.</summary>
    /// <param name="entries">All entries, oldest first.</param>
    /// <param name="head">The entry that the model's record calls the newest, or null when it names none.</param>
    /// <param name="anchors">All anchors, in any order.</param>
    public static LedgerVerification Of(IReadOnlyList<LedgerEntry> entries, LedgerEntry? head, IReadOnlyList<LedgerAnchor> anchors)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(anchors);
        List<string> findings = [];
        if (LedgerEntry.FindBreak(entries) is { } broken)
        {
            findings.Add(Text($"The chain breaks at entry {broken}: it was changed, or an entry before it was removed or inserted."));
        }

        LedgerEntry? last = entries.Count == 0 ? null : entries[^1];
        if (last?.Hash != head?.Hash || last?.Sequence != head?.Sequence)
        {
            findings.Add(Text($"The model's record names entry {head?.Sequence ?? 0} ({Short(head?.Hash)}) as the newest; the ledger ends with entry {last?.Sequence ?? 0} ({Short(last?.Hash)})."));
        }

        Dictionary<long, LedgerEntry> bySequence = [];
        foreach (LedgerEntry entry in entries)
        {
            bySequence[entry.Sequence] = entry;
        }

        long anchoredTo = 0;
        foreach (LedgerAnchor anchor in anchors.OrderBy(anchor => anchor.Sequence).ThenBy(anchor => anchor.Time))
        {
            if (!bySequence.TryGetValue(anchor.Sequence, out LedgerEntry? entry))
            {
                findings.Add(Text($"Entry {anchor.Sequence} was anchored on {anchor.Time.UtcDateTime:u} and is missing: the ledger was cut, or an older one was put in its place."));
            }
            else if (entry.Hash != anchor.Hash)
            {
                findings.Add(Text($"Entry {anchor.Sequence} has the hash {Short(entry.Hash)}; the one anchored on {anchor.Time.UtcDateTime:u} had {Short(anchor.Hash)}: it was written anew."));
            }
            else
            {
                anchoredTo = anchor.Sequence;
            }
        }

        return new LedgerVerification(entries.Count, last?.Hash, anchors.Count, findings.Count == 0 ? anchoredTo : 0, [.. findings.Take(MaxFindings)]);
    }

    private static string Short(string? hash) => hash is null ? "none" : hash[..Math.Min(12, hash.Length)];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
