using System.Buffers;
using System.Runtime.InteropServices;

namespace Mlops.Core.Learning.Binning;

/// <summary>Chooses the bins of a feature from a sample of its values.</summary>
/// <remarks>Few distinct values: one bin each, cut half-way. Many: a value that fills a bin by itself has one of its own, the rest are cut
/// into bins of about equal counts (after the greedy rule of LightGBM). O(n log n) in the sample.</remarks>
public static class BinFinder
{
    /// <summary>Bins of a numeric feature.</summary>
    /// <param name="values">Values in any order. NaN is ignored.</param>
    /// <param name="maxBins">Value bins at most, 2 … 255.</param>
    public static FeatureBins Numeric(ReadOnlySpan<float> values, int maxBins) => NumericInPlace(values.ToArray(), maxBins);

    /// <summary>Bins of a numeric feature; the values are overwritten.</summary>
    internal static FeatureBins NumericInPlace(Span<float> values, int maxBins)
    {
        // Pooled: a training would otherwise leave megabytes of garbage per feature.
        uint[] rented = ArrayPool<uint>.Shared.Rent(values.Length);
        Span<uint> spare = rented.AsSpan(0, values.Length);
        Span<uint> keys = MemoryMarshal.Cast<float, uint>(values);
        int present = 0;
        foreach (float value in values)
        {
            if (!float.IsNaN(value))
            {
                keys[present++] = FeatureBins.Key(value);
            }
        }

        RadixSort(keys[..present], spare[..present]);

        // Equal keys close up in place: the distinct ones, and in the spare array how often each occurs.
        int distinct = 0;
        for (int i = 0; i < present; i++)
        {
            if (distinct > 0 && keys[distinct - 1] == keys[i])
            {
                spare[distinct - 1]++;
            }
            else
            {
                keys[distinct] = keys[i];
                spare[distinct++] = 1;
            }
        }

        float[] edges = distinct <= maxBins
            ? CutAll(keys[..distinct])
            : CutEqually(keys[..distinct], spare[..distinct], present, maxBins);
        ArrayPool<uint>.Shared.Return(rented);
        return FeatureBins.Numeric(edges);
    }

    /// <summary>Bins of a categorical feature: the most frequent codes, the smaller code first among equals.</summary>
    /// <param name="counts">Per code its number of rows.</param>
    /// <param name="maxBins">Value bins at most, 2 … 255.</param>
    public static FeatureBins Categorical(ReadOnlySpan<long> counts, int maxBins)
    {
        List<(long Count, int Code)> present = [];
        for (int code = 0; code < counts.Length; code++)
        {
            if (counts[code] > 0)
            {
                present.Add((counts[code], code));
            }
        }

        present.Sort((a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Code.CompareTo(b.Code));
        int[] codes = present.Take(maxBins).Select(p => p.Code).ToArray();
        Array.Sort(codes);
        return FeatureBins.Categorical(codes);
    }

    /// <summary>Sorts the keys by four passes of 8 bits; O(n). The other span, as long, is scratch.</summary>
    private static void RadixSort(Span<uint> keys, Span<uint> scratch)
    {
        Span<int> counts = stackalloc int[256];
        Span<uint> from = keys;
        Span<uint> to = scratch;
        for (int shift = 0; shift < 32; shift += 8)
        {
            counts.Clear();
            foreach (uint key in from)
            {
                counts[(int)(key >> shift) & 255]++;
            }

            int sum = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                (counts[i], sum) = (sum, sum + counts[i]);
            }

            foreach (uint key in from)
            {
                to[counts[(int)(key >> shift) & 255]++] = key;
            }

            Span<uint> sorted = to;
            to = from;
            from = sorted;
        }
    }

    private static float[] CutAll(ReadOnlySpan<uint> distinct)
    {
        float[] edges = new float[Math.Max(0, distinct.Length - 1)];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = Between(FeatureBins.FromKey(distinct[i]), FeatureBins.FromKey(distinct[i + 1]));
        }

        return edges;
    }

    private static float[] CutEqually(ReadOnlySpan<uint> distinct, ReadOnlySpan<uint> counts, int total, int maxBins)
    {
        double fill = (double)total / maxBins;
        double rest = total;
        int bins = maxBins;
        foreach (uint count in counts)
        {
            if (count >= fill)
            {
                bins--;
                rest -= count;
            }
        }

        double target = rest / Math.Max(1, bins);
        List<float> edges = new(maxBins);
        double inBin = 0;
        for (int i = 0; i < counts.Length - 1 && edges.Count < maxBins - 1; i++)
        {
            bool big = counts[i] >= fill;
            inBin += counts[i];
            rest -= big ? 0 : counts[i];
            if (big || inBin >= target || counts[i + 1] >= fill)
            {
                edges.Add(Between(FeatureBins.FromKey(distinct[i]), FeatureBins.FromKey(distinct[i + 1])));
                inBin = 0;
                if (!big)
                {
                    bins--;
                    target = rest / Math.Max(1, bins);
                }
            }
        }

        return [.. edges];
    }

    /// <summary>A float t with low ≤ t &lt; high, half-way where representable.</summary>
    private static float Between(float low, float high)
    {
        float middle = (float)(((double)low + high) / 2);
        return middle >= low && middle < high ? middle : low;
    }
}
