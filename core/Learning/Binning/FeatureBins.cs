using System.Numerics;

namespace Mlops.Core.Learning.Binning;

/// <summary>How the values of one feature map to bins 0 … <see cref="ValueBins"/> − 1, with one more bin, <see cref="MissingBin"/>, for missing values.</summary>
/// <remarks>Numeric: bin i iff Edges[i − 1] &lt; x ≤ Edges[i], the outer bins open. Categorical: the most frequent codes have a bin each, in
/// ascending order of code; all other codes count as missing.</remarks>
public sealed class FeatureBins
{
    /// <summary>Most bins a feature can have, the one for missing values included: a bin is stored in a byte.</summary>
    public const int MaxBins = 256;

    /// <summary>The keys from the first to the last edge are cut into 2^this cells, which tell where to look for a bin: 8 KB per feature, mostly no or one edge each.</summary>
    private const int CellBits = 13;

    private readonly byte[] _start;
    private readonly uint _firstKey;
    private readonly int _shift;

    private FeatureBins(float[] edges, int[]? codes)
    {
        Edges = edges;
        Codes = codes;
        ValueBins = codes?.Length ?? edges.Length + 1;
        _start = [];
        if (edges.Length > 8)
        {
            _firstKey = Key(edges[0]);
            _shift = Math.Max(0, 32 - CellBits - BitOperations.LeadingZeroCount(Key(edges[^1]) - _firstKey));
            _start = BuildStarts(edges, _firstKey, _shift);
        }
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
            uint cell = Cell(value, _firstKey, _shift);
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

    /// <summary>A value of a bin: of a numeric one the largest.</summary>
    internal float Representative(int bin) => bin == MissingBin ? float.NaN
        : Codes is not null ? Codes[bin]
        : bin < Edges.Length ? Edges[bin]
        : float.PositiveInfinity;

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
        (uint firstKey, int shift) = (_firstKey, _shift);
        foreach (float value in values)
        {
            uint cell = Cell(value, firstKey, shift);
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

    private static uint Cell(float value, uint firstKey, int shift) => Math.Min((Math.Max(Key(value), firstKey) - firstKey) >> shift, (1U << CellBits) - 1);

    /// <summary>For each cell the number of edges below it, so that a value's bin is searched within its cell only.</summary>
    private static byte[] BuildStarts(float[] edges, uint firstKey, int shift)
    {
        byte[] start = new byte[(1 << CellBits) + 1];
        int edge = 0;
        for (int cell = 0; cell < start.Length; cell++)
        {
            while (edge < edges.Length && (Key(edges[edge]) - firstKey) >> shift < (uint)cell)
            {
                edge++;
            }

            start[cell] = (byte)edge;
        }

        return start;
    }
}
