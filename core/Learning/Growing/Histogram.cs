using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>Sums of gradients and hessians per (feature, bin) over the rows of a leaf.</summary>
/// <remarks>One long per bin: gradient sum · 2³² + hessian sum, 0 ≤ hessian sum &lt; 2³². Because that is linear, histograms of disjoint
/// rows add, and a child's is its parent's less its sibling's, entry by entry: O(bins) instead of O(rows · features).</remarks>
internal static unsafe class Histogram
{
    /// <summary>How many rows ahead memory is asked for: a leaf's rows lie scattered.</summary>
    internal const int PrefetchRows = 16;

    /// <summary>The gradient part of an entry.</summary>
    public static long Gradient(long entry) => entry >> 32;

    /// <summary>The hessian part of an entry.</summary>
    public static long Hessian(long entry) => (uint)entry;

    /// <summary>Adds the rows to <paramref name="histogram"/>. O(rows · features).</summary>
    /// <param name="data">IN. The bins.</param>
    /// <param name="gradients">IN. Packed gradients by row.</param>
    /// <param name="firstRow">IN. The row that place 0 stands for.</param>
    /// <param name="places">IN. Rows, counted from <paramref name="firstRow"/>.</param>
    /// <param name="features">IN. The features in this tree, or null for all.</param>
    /// <param name="histogram">IN and OUT. TotalBins entries.</param>
    public static void Add(BinnedMatrix data, int[] gradients, int firstRow, ReadOnlySpan<ushort> places, int[]? features, long[] histogram)
    {
        fixed (byte* allBins = data.Bins)
        fixed (int* allPacked = gradients)
        fixed (int* offsets = data.Offsets)
        fixed (long* sums = histogram)
        fixed (int* selected = features)
        fixed (ushort* place = places)
        {
            int stride = data.Stride;
            byte* bins = allBins + ((long)firstRow * stride);
            int* packed = allPacked + firstRow;
            int last = places.Length - 1;
            for (int i = 0; i < Math.Min(PrefetchRows, last); i++)
            {
                PrefetchRow(bins, packed, stride, place[i]);
            }

            for (int i = 0; i <= last; i++)
            {
                PrefetchRow(bins, packed, stride, place[Math.Min(i + PrefetchRows, last)]);
                byte* cells = bins + ((long)place[i] * stride);
                int p = packed[place[i]];
                long entry = ((long)(p >> 16) << 32) + (ushort)p;
                if (selected is null)
                {
                    AddRow(sums, offsets, cells, stride, entry);
                }
                else
                {
                    for (int j = 0; j < features!.Length; j++)
                    {
                        int f = selected[j];
                        sums[offsets[f] + cells[f]] += entry;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchRow(byte* bins, int* packed, int stride, int place)
    {
        byte* cells = bins + ((long)place * stride);
        Prefetch(cells);
        Prefetch(cells + stride - 1);
        Prefetch(packed + place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(long* sums, int* offsets, byte* cells, int count, long entry)
    {
        int j = 0;
        for (; j <= count - 4; j += 4)
        {
            sums[offsets[j] + cells[j]] += entry;
            sums[offsets[j + 1] + cells[j + 1]] += entry;
            sums[offsets[j + 2] + cells[j + 2]] += entry;
            sums[offsets[j + 3] + cells[j + 3]] += entry;
        }

        for (; j < count; j++)
        {
            sums[offsets[j] + cells[j]] += entry;
        }
    }

    /// <summary>Adds another histogram. O(bins).</summary>
    public static void Merge(long[] into, long[] from)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] += from[i];
        }
    }

    /// <summary>Takes a child's histogram away from its parent's, which leaves the sibling's. O(bins).</summary>
    public static void Subtract(long[] parent, long[] child)
    {
        for (int i = 0; i < parent.Length; i++)
        {
            parent[i] -= child[i];
        }
    }
}
