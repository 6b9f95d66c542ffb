using System.Text.Json;
using System.Text.Unicode;

namespace Mlops.Functions.Hosting;

/// <summary>Checks what a JSON parser lets through: strings are bytes to it until somebody reads them, and reading them may then fail anywhere.</summary>
internal static class JsonText
{
    /// <summary>Levels of a document at most.</summary>
    public const int MaximumDepth = 32;

    /// <summary>Values, names and brackets of a document at most: parsed, each costs more memory than its own bytes.</summary>
    public const int MaximumTokens = 4_000_000;

    /// <summary>Passes when every string and every name of the document is Unicode text, and there are not too many of them.</summary>
    /// <exception cref="JsonException">The document is not JSON, not UTF-8, has more than <see cref="MaximumTokens"/> parts, or a string holds one half of a surrogate pair.</exception>
    public static void RequireUnicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new JsonException("It holds bytes that are not UTF-8.");
        }

        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaximumDepth });
        int tokens = 0;
        while (reader.Read())
        {
            if (++tokens > MaximumTokens)
            {
                throw new JsonException($"It has more than {MaximumTokens} values, names and brackets.");
            }

            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw new JsonException($"The string at byte {reader.TokenStartIndex} holds one half of a surrogate pair (\\uD800 to \\uDFFF).");
            }
        }
    }
}
