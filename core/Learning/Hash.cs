using System.Runtime.Intrinsics;

namespace Mlops.Core.Learning;

/// <summary>Seeded random numbers as a function of what they are for: the same for any order of evaluation.</summary>
/// <remarks>The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection of 64 bits with good avalanche.</remarks>
internal static class Hash
{
    /// <summary>64 mixed bits of a seed and an id.</summary>
    public static ulong Of(ulong seed, long id) => Mix(seed ^ Mix((ulong)id + 0x9E37_79B9_7F4A_7C15));

    /// <summary>Mixes 64 bits.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>32 mixed bits per row of a run: a hash of seed and id (lowbias32 of Wellons), eight at a time.</summary>
    public static void Fill(uint seed, long firstRow, ReadOnlySpan<long> ids, Span<uint> bits)
    {
        for (int i = 0; i < bits.Length; i++)
        {
            long id = ids.IsEmpty ? firstRow + i : ids[i];
            bits[i] = (uint)(id ^ (id >> 32));
        }

        int at = 0;
        for (; at <= bits.Length - Vector256<uint>.Count; at += Vector256<uint>.Count)
        {
            Vector256<uint> x = Vector256.Create<uint>(bits.Slice(at, 8));
            x = (x ^ Vector256.Create(seed)) * Vector256.Create(0x9E37_79B1u);
            x = (x ^ Vector256.ShiftRightLogical(x, 16)) * Vector256.Create(0x7FEB_352Du);
            x = (x ^ Vector256.ShiftRightLogical(x, 15)) * Vector256.Create(0x846C_A68Bu);
            (x ^ Vector256.ShiftRightLogical(x, 16)).CopyTo(bits[at..]);
        }

        for (; at < bits.Length; at++)
        {
            uint x = (bits[at] ^ seed) * 0x9E37_79B1u;
            x = (x ^ (x >> 16)) * 0x7FEB_352Du;
            x = (x ^ (x >> 15)) * 0x846C_A68Bu;
            bits[at] = x ^ (x >> 16);
        }
    }

    /// <summary>A number in [0, 1) from mixed bits.</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}
