namespace Mlops.Core.Learning.Growing;

using Mlops.Core.Learning.Binning;

/// <summary>Sums of gradients and hessians per (feature, bin) over the rows of a leaf.</summary>
/// <remarks>One long per bin: gradient sum · 2³² + hessian sum, 0 ≤ hessian sum &lt; 2³². Because that is linear, histograms of disjoint
/// rows add, and a child's is its parent's less its sibling's, entry by entry: O(bins) instead of O(rows · features).</remarks>
internal static unsafe class Histogram
{
    /// <summary>The gradient part of an entry.</summary>
    public static long Gradient(long entry) => entry >> 32;

    /// <summary>The hessian part of an entry.</summary>
    public static long Hessian(long entry) => (uint)entry;

    /// <summary>Adds the rows to <paramref name="histogram"/>. O(rows · features).</summary>
    /// <param name="data">IN. The bins.</param>
    /// <param name="gradients">IN. Packed gradients by row.</param>
    /// <param name="rows">IN. Row positions.</param>
    /// <param name="features">IN. The features in this tree, or null for all.</param>
    /// <param name="histogram">IN and OUT. TotalBins entries.</param>
    public static void Add(BinnedMatrix data, int[] gradients, ReadOnlySpan<int> rows, int[]? features, long[] histogram)
    {
        fixed (byte* bins = data.Bins)
        fixed (int* packed = gradients)
        fixed (int* offsets = data.Offsets)
        fixed (long* sums = histogram)
        fixed (int* selected = features)
        fixed (int* row = rows)
        {
            int stride = data.Stride;
            int count = features?.Length ?? stride;
            for (int i = 0; i < rows.Length; i++)
            {
                byte* cells = bins + ((long)row[i] * stride);
                int p = packed[row[i]];
                long entry = ((long)(p >> 16) << 32) + (ushort)p;
                if (selected is null)
                {
                    for (int j = 0; j < count; j++)
                    {
                        sums[offsets[j] + cells[j]] += entry;
                    }
                }
                else
                {
                    for (int j = 0; j < count; j++)
                    {
                        int f = selected[j];
                        sums[offsets[f] + cells[f]] += entry;
                    }
                }
            }
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
