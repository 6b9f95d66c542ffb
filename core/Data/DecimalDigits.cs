using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Mlops.Core.Data;

/// <summary>Reads decimal digits many at a time, so that numbers of varying length cost few branches.</summary>
internal static class DecimalDigits
{
    private const int WordBytes = sizeof(ulong);
    private const ulong Zeros = 0x3030_3030_3030_3030;

    private static readonly ulong[] _powersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Reads a whole text of 4 to 16 digits, one of which may be a point.</summary>
    /// <param name="text">The text.</param>
    /// <param name="number">The digits without the point.</param>
    /// <param name="decimals">Digits behind the point; −1 without a point.</param>
    /// <returns>False when it is anything else, or of another length.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out ulong number, out int decimals)
    {
        number = 0;
        decimals = -1;
        if (text.Length is < 4 or > 16)
        {
            return false;
        }

        Vector128<byte> bytes = AlignRight(text);
        uint points = Vector128.Equals(bytes, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        uint digits = Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9)).ExtractMostSignificantBits();
        if ((points | digits) != ((0xFFFFU << (16 - text.Length)) & 0xFFFF) || (points & (points - 1)) != 0)
        {
            return false;
        }

        // The digits before the point move up to close the gap.
        int point = points == 0 ? -1 : BitOperations.TrailingZeroCount(points);
        decimals = points == 0 ? -1 : 15 - point;
        Vector128<sbyte> moves = Vector128.LessThanOrEqual(Vector128<sbyte>.Indices, Vector128.Create((sbyte)point));
        Vector128<ulong> words = Vector128.Shuffle(bytes, (Vector128<sbyte>.Indices + moves).AsByte()).AsUInt64();
        number = (Value(words[0]) * 100_000_000) + Value(words[1]);
        return true;
    }

    /// <summary>Appends the digits that begin at <paramref name="at"/> to a number, wrapping around beyond 2⁶⁴; returns where they end.</summary>
    public static int Append(ReadOnlySpan<byte> text, int at, ref ulong number)
    {
        // A word at the end of the text is read from bytes before it, too: only a short text needs a step for each digit.
        while (text.Length >= WordBytes && at < text.Length)
        {
            ulong word = WordAt(text, at);
            int count = CountIn(word);
            if (count == 0)
            {
                return at;
            }

            number = (number * _powersOfTen[count]) + Value(word << (8 * (WordBytes - count)));
            at += count;
            if (count < WordBytes)
            {
                return at;
            }
        }

        uint digit;
        while (at < text.Length && (digit = (uint)(text[at] - '0')) <= 9)
        {
            number = (number * 10) + digit;
            at++;
        }

        return at;
    }

    // The text at the end of sixteen bytes, zeros before it; read in two parts that may overlap.
    private static Vector128<byte> AlignRight(ReadOnlySpan<byte> text)
    {
        if (text.Length <= 8)
        {
            ulong four = BinaryPrimitives.ReadUInt32LittleEndian(text);
            ulong last = BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]);
            return Vector128.Create(0, (four << (8 * (8 - text.Length))) | (last << 32)).AsByte();
        }

        ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(text);
        return Vector128.Create(eight << (8 * (16 - text.Length)), BinaryPrimitives.ReadUInt64LittleEndian(text[^8..])).AsByte();
    }

    // The eight bytes from there on, the first one lowest; zeros beyond the end.
    private static ulong WordAt(ReadOnlySpan<byte> text, int at)
    {
        int rest = text.Length - at;
        return rest >= WordBytes
            ? BinaryPrimitives.ReadUInt64LittleEndian(text[at..])
            : BinaryPrimitives.ReadUInt64LittleEndian(text[^WordBytes..]) >> (8 * (WordBytes - rest));
    }

    // How many of the bytes are digits before the first that is none. A digit has upper half 3, also after 6 is added; a carry from a byte that is none only reaches later ones.
    private static int CountIn(ulong word)
    {
        ulong others = ((word & 0xF0F0_F0F0_F0F0_F0F0) ^ Zeros) | (((word + 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) ^ Zeros);
        return BitOperations.TrailingZeroCount(others) / 8;
    }

    // The number that eight bytes stand for, each a digit or, in front, 0: pairs, then fours, then all (Lemire 2018).
    private static ulong Value(ulong word)
    {
        word &= 0x0F0F_0F0F_0F0F_0F0F;
        word = (word * 10) + (word >> 8);
        return (((word & 0x0000_00FF_0000_00FF) * (100 + (1_000_000UL << 32))) + (((word >> 16) & 0x0000_00FF_0000_00FF) * (1 + (10_000UL << 32)))) >> 32;
    }
}
