using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mlops.Core.Registry;

/// <summary>
/// One line of a model's ledger. Each entry carries the hash of the one before it, so a line that is changed, removed or inserted later
/// breaks the chain from there on.
/// </summary>
public sealed record LedgerEntry
{
    /// <summary>1, 2, 3 … without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was committed.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who did it: a pipeline's id, <c>rollout</c>, or the caller of an endpoint.</summary>
    public required string Actor { get; init; }

    /// <summary>What was done.</summary>
    public required string Action { get; init; }

    /// <summary>Why.</summary>
    public required string Detail { get; init; }

    /// <summary>The hash of the entry before, or 64 zeros for the first.</summary>
    public required string Previous { get; init; }

    /// <summary>SHA-256 over all of the above, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The entry after <paramref name="head"/> (null: the first).</summary>
    public static LedgerEntry After(LedgerEntry? head, DateTimeOffset time, string actor, string action, string detail)
    {
        LedgerEntry entry = new()
        {
            Sequence = (head?.Sequence ?? 0) + 1,
            Time = time.ToUniversalTime(),
            Actor = actor,
            Action = action,
            Detail = detail,
            Previous = head?.Hash ?? new string('0', 64),
            Hash = string.Empty,
        };
        return entry with { Hash = entry.ComputeHash() };
    }

    /// <summary>Where a chain breaks: the first sequence number that does not follow from the entry before it, or null when it holds.</summary>
    /// <param name="entries">All entries, oldest first.</param>
    public static long? FindBreak(IEnumerable<LedgerEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        LedgerEntry? previous = null;
        foreach (LedgerEntry entry in entries)
        {
            long expected = (previous?.Sequence ?? 0) + 1;
            if (entry.Sequence != expected || entry.Previous != (previous?.Hash ?? new string('0', 64)) || entry.Hash != entry.ComputeHash())
            {
                return expected;
            }

            previous = entry;
        }

        return null;
    }

    // Lengths before the texts: no two different entries have the same bytes.
    private string ComputeHash()
    {
        StringBuilder text = new();
        foreach (string part in (string[])[Sequence.ToString(CultureInfo.InvariantCulture), Time.ToString("O", CultureInfo.InvariantCulture), Actor, Action, Detail, Previous])
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
