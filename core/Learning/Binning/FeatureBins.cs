namespace Mlops.Core.Learning.Binning;

/// <summary>How the values of one feature map to bins 0 … <see cref="ValueBins"/> − 1, with one more bin, <see cref="MissingBin"/>, for missing values.</summary>
/// <remarks>Numeric: bin i iff Edges[i − 1] &lt; x ≤ Edges[i], the outer bins open. Categorical: the most frequent codes have a bin each, in
/// ascending order of code; all other codes count as missing.</remarks>
public sealed class FeatureBins
{
    /// <summary>Most bins a feature can have, the one for missing values included: a bin is stored in a byte.</summary>
    public const int MaxBins = 256;

    /// <summary>Upper bits of a value's key that choose where to look for its bin: 8 KB per feature, one or two edges each where edges are dense.</summary>
    private const int CellBits = 13;

    private readonly byte[] _start;

    private FeatureBins(float[] edges, int[]? codes)
    {
        Edges = edges;
        Codes = codes;
        ValueBins = codes?.Length ?? edges.Length + 1;
        _start = codes is null && edges.Length > 8 ? BuildStarts(edges) : [];
    }

    /// <summary>Ascending upper edges of all value bins but the last; empty for a categorical feature.</summary>
    public float[] Edges { get; }

    /// <summary>Per bin its code, ascending; null for a numeric feature.</summary>
    public int[]? Codes { get; }

    /// <summary>Bins of present values, 0 … 255.</summary>
    public int ValueBins { get; }

    /// <summary>The bin of missing values.</summary>
    public int MissingBin => ValueBins;

    /// <summary>All bins.</summary>
    public int Count => ValueBins + 1;

    /// <summary>Bins of a numeric feature, cut at <paramref name="edges"/> (ascending, at most 254).</summary>
    public static FeatureBins Numeric(float[] edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(edges.Length, MaxBins - 2);
        return new FeatureBins(edges, null);
    }

    /// <summary>One bin for each of <paramref name="codes"/> (ascending, at most 255).</summary>
    public static FeatureBins Categorical(int[] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(codes.Length, MaxBins - 1);
        return new FeatureBins([], codes);
    }

    /// <summary>The bin of a value. O(1) for most numeric values, O(log bins) at worst.</summary>
    public int Bin(float value)
    {
        if (Codes is not null)
        {
            if (!(value >= 0 && value < int.MaxValue))
            {
                return MissingBin;
            }

            int found = Array.BinarySearch(Codes, (int)value);
            return found >= 0 ? found : MissingBin;
        }

        if (float.IsNaN(value))
        {
            return MissingBin;
        }

        int low = 0;
        int high = Edges.Length;
        if (_start.Length > 0)
        {
            uint cell = Key(value) >> (32 - CellBits);
            low = _start[cell];
            high = _start[cell + 1];
        }

        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Edges[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Writes the bins of a run of values, <paramref name="stride"/> bytes apart.</summary>
    internal void Apply(ReadOnlySpan<float> values, Span<byte> bins, int stride)
    {
        int at = 0;
        if (Codes is not null || _start.Length == 0)
        {
            foreach (float value in values)
            {
                bins[at] = (byte)Bin(value);
                at += stride;
            }

            return;
        }

        float[] edges = Edges;
        byte[] start = _start;
        foreach (float value in values)
        {
            uint cell = Key(value) >> (32 - CellBits);
            int low = start[cell];
            int high = start[cell + 1];
            while (low < high)
            {
                int middle = (low + high) >> 1;
                bool above = edges[middle] < value;
                low = above ? middle + 1 : low;
                high = above ? high : middle;
            }

            bins[at] = (byte)(float.IsNaN(value) ? MissingBin : low);
            at += stride;
        }
    }

    /// <summary>The value of a key; the inverse of <see cref="Key"/>.</summary>
    internal static float FromKey(uint key) => BitConverter.UInt32BitsToSingle((key & 0x8000_0000) != 0 ? key & 0x7FFF_FFFF : ~key);

    /// <summary>Bits of a float in an order that follows its value; −0 as +0.</summary>
    internal static uint Key(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        return (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
    }

    /// <summary>For each value of the upper key bits the number of edges below that cell, so that a value's bin is searched within its cell only.</summary>
    private static byte[] BuildStarts(float[] edges)
    {
        byte[] start = new byte[(1 << CellBits) + 1];
        int edge = 0;
        for (int cell = 0; cell < start.Length; cell++)
        {
            while (edge < edges.Length && Key(edges[edge]) < (ulong)cell << (32 - CellBits))
            {
                edge++;
            }

            start[cell] = (byte)edge;
        }

        return start;
    }
}
