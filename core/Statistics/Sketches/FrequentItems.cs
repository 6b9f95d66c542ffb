using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mlops.Core.Statistics.Sketches;

/// <summary>The most frequent texts of a column with their counts; immutable and mergeable.</summary>
/// <remarks>Misra and Gries (1982); merging after Agarwal et al., "Mergeable summaries" (2012). Kept counts are too low by at most
/// <see cref="Error"/>, and a text that is not kept occurs at most <see cref="Error"/> times. While no more than <see cref="Capacity"/> short texts
/// are distinct the counts are exact and <see cref="Error"/> is 0. Texts over 64 characters are kept as their first 40 and a hash.</remarks>
public sealed class FrequentItems
{
    /// <summary>Texts kept at most.</summary>
    public const int Capacity = 64;

    /// <summary>Bytes the texts and counts may take together, so that a column fits its 10 KB.</summary>
    internal const int ByteBudget = 1800;

    private readonly SortedDictionary<string, long> _counts;

    internal FrequentItems(IEnumerable<KeyValuePair<string, long>> counts, long error)
    {
        _counts = new SortedDictionary<string, long>(counts.ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal), StringComparer.Ordinal);
        Error = error;
    }

    /// <summary>No texts.</summary>
    public static FrequentItems Empty { get; } = new([], 0);

    /// <summary>Kept texts in ordinal order with their counts.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>How much too low a count may be; 0 means every distinct text is here, counted exactly.</summary>
    public long Error { get; }

    /// <summary>Keeps the most frequent texts. Those in <paramref name="always"/> are preferred whatever their count, so that a window can be compared with its reference.</summary>
    public static FrequentItems Of(IEnumerable<KeyValuePair<string, long>> counts, IReadOnlyCollection<string>? always = null)
    {
        ArgumentNullException.ThrowIfNull(counts);
        Dictionary<string, long> shortened = new(StringComparer.Ordinal);
        foreach ((string text, long count) in counts)
        {
            string key = Shorten(text);
            shortened[key] = shortened.GetValueOrDefault(key) + count;
        }

        return Keep(shortened, 0, always);
    }

    /// <summary>The summary of the union; the order of the parts does not matter.</summary>
    public static FrequentItems Merge(IReadOnlyList<FrequentItems> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Dictionary<string, long> sum = new(StringComparer.Ordinal);
        foreach ((string text, long count) in parts.SelectMany(p => p._counts))
        {
            sum[text] = sum.GetValueOrDefault(text) + count;
        }

        return Keep(sum, parts.Sum(p => p.Error), null);
    }

    /// <summary>The form under which a text is kept.</summary>
    public static string Shorten(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= 64 ? text : $"{text.AsSpan(0, char.IsHighSurrogate(text[39]) ? 39 : 40)}…#{StableHash.Of(text).ToString("x16", CultureInfo.InvariantCulture)}";
    }

    private static FrequentItems Keep(Dictionary<string, long> counts, long error, IReadOnlyCollection<string>? always)
    {
        HashSet<string> preferred = always is null ? [] : new HashSet<string>(always, StringComparer.Ordinal);
        List<KeyValuePair<string, long>> kept = [];
        int bytes = 0;
        bool full = false;
        long dropped = 0;
        foreach (KeyValuePair<string, long> item in counts.OrderByDescending(c => preferred.Contains(c.Key)).ThenByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal))
        {
            int size = JsonEncodedText.Encode(item.Key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.Length + 12;
            full = full || kept.Count == Capacity || bytes + size > ByteBudget;
            if (full)
            {
                dropped = Math.Max(dropped, item.Value);
                continue;
            }

            kept.Add(item);
            bytes += size;
        }

        return new FrequentItems(kept, error + dropped);
    }
}
