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

    /// <summary>A number in [0, 1) from mixed bits.</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}
