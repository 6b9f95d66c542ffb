using System.Text;

namespace Mlops.Core.Data;

/// <summary>Shows text from outside in a message: short, on one line, without control characters.</summary>
public static class Excerpt
{
    /// <summary>Characters of foreign text that a message shows at most.</summary>
    public const int MaxLength = 64;

    /// <summary>The first characters of <paramref name="text"/>, at most <paramref name="maximum"/>; control characters, separators and broken surrogates become '?', a cut is shown as '…'.</summary>
    public static string Of(ReadOnlySpan<char> text, int maximum = MaxLength)
    {
        StringBuilder shown = new(maximum + 1);
        int at = 0;
        while (at < text.Length && shown.Length < maximum)
        {
            bool whole = Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            shown.Append(whole && IsPrintable(rune) ? rune.ToString() : "?");
            at += length;
        }

        return at < text.Length ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>As <see cref="Of"/>, for UTF-8; invalid bytes become '?'.</summary>
    public static string OfUtf8(ReadOnlySpan<byte> utf8)
    {
        bool cut = utf8.Length > MaxLength * 4;
        string shown = Of(Encoding.UTF8.GetString(cut ? utf8[..(MaxLength * 4)] : utf8).Replace('\uFFFD', '?'));
        return cut && !shown.EndsWith('…') ? shown + "…" : shown;
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control or
        System.Globalization.UnicodeCategory.Format or
        System.Globalization.UnicodeCategory.LineSeparator or
        System.Globalization.UnicodeCategory.ParagraphSeparator or
        System.Globalization.UnicodeCategory.PrivateUse or
        System.Globalization.UnicodeCategory.OtherNotAssigned);
}
