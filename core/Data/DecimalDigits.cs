using System.Buffers.Binary;
using System.Numerics;

namespace Mlops.Core.Data;

/// <summary>Reads decimal digits eight at a time in one 64-bit word, so that numbers of any length cost few branches.</summary>
internal static class DecimalDigits
{
    private const int WordBytes = sizeof(ulong);
    private const ulong Zeros = 0x3030_3030_3030_3030;

    private static readonly ulong[] _powersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

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
