using System.Buffers.Binary;

namespace Mlops.Core.Statistics.Sketches;

/// <summary>A 64-bit hash that never changes: sketches and sticky assignments stored today must merge with those of next year.</summary>
/// <remarks>FNV-1a over UTF-16 code units (low byte first), finished with the SplitMix64 mixer (Steele, Lea, Flood 2014), because FNV alone
/// leaves the high bits of short keys almost constant. Not for adversarial use.</remarks>
public static class StableHash
{
    private const ulong Offset = 14695981039346656037UL;
    private const ulong Prime = 1099511628211UL;

    /// <summary>The hash of a text, by its UTF-16 code units. O(length).</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        ulong hash = Offset;
        foreach (char c in text)
        {
            hash = (hash ^ (byte)c) * Prime;
            hash = (hash ^ (uint)(c >> 8)) * Prime;
        }

        return Mix(hash);
    }

    /// <summary>The hash of a number by its bits; −0 hashes as 0.</summary>
    public static ulong Of(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value == 0 ? 0.0 : value);
        return Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes) + 0x9E3779B97F4A7C15UL);
    }

    /// <summary>The SplitMix64 finaliser: a bijection of 64 bits in which every input bit flips every output bit with probability ½.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A hash as a number in [0, 1) with 53 random bits.</summary>
    public static double Unit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));
}
