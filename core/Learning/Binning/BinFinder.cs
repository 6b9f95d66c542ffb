namespace Mlops.Core.Learning.Binning;

/// <summary>Chooses the bins of a feature from a sample of its values.</summary>
/// <remarks>Few distinct values: one bin each, cut half-way. Many: a value that fills a bin by itself has one of its own, the rest are cut
/// into bins of about equal counts (after the greedy rule of LightGBM). O(n log n) in the sample.</remarks>
public static class BinFinder
{
    /// <summary>Bins of a numeric feature.</summary>
    /// <param name="values">Values in any order. NaN is ignored.</param>
    /// <param name="maxBins">Value bins at most, 2 … 255.</param>
    public static FeatureBins Numeric(ReadOnlySpan<float> values, int maxBins)
    {
        uint[] keys = new uint[values.Length];
        int present = 0;
        foreach (float value in values)
        {
            if (!float.IsNaN(value))
            {
                keys[present++] = FeatureBins.Key(value);
            }
        }

        List<float> distinct = [];
        List<int> counts = [];
        foreach (uint key in RadixSort(keys.AsSpan(0, present)))
        {
            float value = FeatureBins.FromKey(key);
            if (distinct.Count > 0 && distinct[^1] == value)
            {
                counts[^1]++;
            }
            else
            {
                distinct.Add(value);
                counts.Add(1);
            }
        }

        return FeatureBins.Numeric(distinct.Count <= maxBins ? CutAll(distinct) : CutEqually(distinct, counts, maxBins));
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

    /// <summary>Sorts by three passes of 11, 11 and 10 bits; O(n).</summary>
    private static uint[] RadixSort(ReadOnlySpan<uint> keys)
    {
        uint[] from = keys.ToArray();
        uint[] to = new uint[from.Length];
        int[] counts = new int[2048];
        for (int shift = 0; shift < 32; shift += 11)
        {
            Array.Clear(counts);
            foreach (uint key in from)
            {
                counts[(key >> shift) & 2047]++;
            }

            int sum = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                (counts[i], sum) = (sum, sum + counts[i]);
            }

            foreach (uint key in from)
            {
                to[counts[(key >> shift) & 2047]++] = key;
            }

            (from, to) = (to, from);
        }

        return from;
    }

    private static float[] CutAll(List<float> distinct)
    {
        float[] edges = new float[Math.Max(0, distinct.Count - 1)];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = Between(distinct[i], distinct[i + 1]);
        }

        return edges;
    }

    private static float[] CutEqually(List<float> distinct, List<int> counts, int maxBins)
    {
        long rest = counts.Sum(c => (long)c);
        double fill = (double)rest / maxBins;
        bool[] big = new bool[counts.Count];
        int bins = maxBins;
        for (int i = 0; i < big.Length; i++)
        {
            if (counts[i] >= fill)
            {
                big[i] = true;
                bins--;
                rest -= counts[i];
            }
        }

        double target = (double)rest / Math.Max(1, bins);
        List<float> edges = [];
        long inBin = 0;
        for (int i = 0; i < counts.Count - 1 && edges.Count < maxBins - 1; i++)
        {
            inBin += counts[i];
            if (!big[i])
            {
                rest -= counts[i];
            }

            if (big[i] || inBin >= target || big[i + 1])
            {
                edges.Add(Between(distinct[i], distinct[i + 1]));
                inBin = 0;
                if (!big[i])
                {
                    bins--;
                    target = (double)rest / Math.Max(1, bins);
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
