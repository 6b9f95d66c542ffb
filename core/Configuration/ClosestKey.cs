namespace Mlops.Core.Configuration;

/// <summary>Suggests what a mistyped key was meant to be.</summary>
internal static class ClosestKey
{
    private const int MaxLength = 64;

    /// <summary><c>'folds' (closest), or one of …</c>; without a suggestion when nothing is close.</summary>
    public static string Hint(string found, IEnumerable<string> known)
    {
        string[] keys = [.. known];
        string all = $"one of {string.Join(", ", keys)}";
        (int distance, string closest) = keys.Select(k => (Distance(found, k), k)).Min();
        return found.Length <= MaxLength && distance <= Math.Max(2, closest.Length / 3) ? $"'{closest}'? Known here is {all}" : all;
    }

    // Levenshtein's edit distance, letter case ignored, over at most MaxLength characters.
    private static int Distance(string a, string b)
    {
        if (a.Length > MaxLength)
        {
            return int.MaxValue;
        }

        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] current = new int[b.Length + 1];
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = previous[j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
