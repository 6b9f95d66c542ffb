using Mlops.Core.Data;

namespace Mlops.Core.Features;

/// <summary>Tells free text from categories, and finds the words that matter in it.</summary>
internal static class FreeText
{
    private const double MinWords = 3;
    private const double MinDistinct = 0.5;
    private const int MinRows = 20;
    private const int MinGramRows = 2;
    private const int MaxGrams = 20_000;
    private const int MaxWordsLookedAt = 1000;

    /// <summary>The words and pairs that occur in at least two rows, most frequent first; null when the column is no free text.</summary>
    public static IReadOnlyList<string>? Grams(TextColumn column)
    {
        string[] texts = [.. Enumerable.Range(0, column.Count).Select(column.Text).Where(t => t is not null).Select(t => t!)];
        if (texts.Length < MinRows || texts.Average(t => Words.Split(t).Length) < MinWords || texts.Distinct(StringComparer.Ordinal).Count() < MinDistinct * texts.Length)
        {
            return null;
        }

        Dictionary<string, int> rows = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            foreach (string gram in Words.Grams(text).Take(MaxWordsLookedAt).Distinct(StringComparer.Ordinal))
            {
                rows[gram] = rows.GetValueOrDefault(gram) + 1;
            }
        }

        return [.. rows.Where(r => r.Value >= MinGramRows).OrderByDescending(r => r.Value).ThenBy(r => r.Key, StringComparer.Ordinal).Take(MaxGrams).Select(r => r.Key)];
    }
}
