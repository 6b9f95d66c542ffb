using System.Text;

namespace Mlops.Core.Features;

/// <summary>Splits text into words and words into n-grams, as the ONNX operators StringSplit and TfIdfVectorizer do.</summary>
internal static class Words
{
    /// <summary>The words of a text: what lies between spaces; two spaces have an empty word between them.</summary>
    /// <remarks>Other white space belongs to the words: ONNX runtimes differ in what else they split at.</remarks>
    public static string[] Split(string text) => text.Split(' ');

    /// <summary>The words, and the pairs of neighbours joined by a space; empty words are left out.</summary>
    public static IEnumerable<string> Grams(string text)
    {
        string[] words = Split(text);
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i].Length == 0)
            {
                continue;
            }

            yield return words[i];
            if (i + 1 < words.Length && words[i + 1].Length > 0)
            {
                yield return $"{words[i]} {words[i + 1]}";
            }
        }
    }

    /// <summary>The bucket of an n-gram: 64-bit FNV-1a of its UTF-8 bytes, the same on every machine.</summary>
    public static int Bucket(string gram, int buckets)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(gram))
        {
            hash = unchecked((hash ^ b) * 1099511628211);
        }

        return (int)(hash % (ulong)buckets);
    }
}
