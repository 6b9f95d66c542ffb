using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>Rows in this process: bins, packed gradients, and which rows each leaf holds.</summary>
internal sealed class LocalRows(BinnedMatrix data, int threads) : ITreeRows
{
    private const int ParallelRows = 8192;
    private readonly List<int> _counts = [];
    private readonly long[][] _perThread = new long[threads][];

    /// <summary>The gradients of the tree that grows.</summary>
    public int[] Packed { get; set; } = [];

    /// <summary>Which rows each leaf holds.</summary>
    public RowPartition Partition { get; } = new(data.Rows);

    /// <summary>Puts all rows, or those that <paramref name="isIn"/> accepts, into leaf 0.</summary>
    public void Reset(Func<int, bool>? isIn)
    {
        _counts.Clear();
        _counts.Add(Partition.Reset(isIn));
    }

    /// <summary>Number of rows of a leaf.</summary>
    public int Count(int leaf) => _counts[leaf];

    public (long Sum, int Count) Root()
    {
        long sum = 0;
        for (int block = 0; block < Partition.Blocks; block++)
        {
            int first = block * RowPartition.BlockRows;
            foreach (ushort place in Partition.Places(0, block))
            {
                int p = Packed[first + place];
                sum += ((long)(p >> 16) << 32) + (ushort)p;
            }
        }

        return (sum, _counts[0]);
    }

    public int Part(int leaf, Split split, int left, int right)
    {
        int leftCount = Partition.Part(data, split, leaf, left, right, Shares(_counts[leaf]));
        while (_counts.Count <= Math.Max(left, right))
        {
            _counts.Add(0);
        }

        _counts[left] = leftCount;
        _counts[right] = _counts[leaf] - leftCount;
        return leftCount;
    }

    /// <summary>By rows: each thread sums its share into a histogram of its own; the sums are then added, which is exact in integers.</summary>
    public void AddHistogram(int leaf, int[]? features, long[] histogram)
    {
        int count = _counts[leaf];
        int shares = Shares(count);
        if (shares == 1)
        {
            Add(leaf, 0, count, features, histogram);
            return;
        }

        ParallelBlocks.Do(shares, shares, t =>
        {
            int from = (int)((long)count * t / shares);
            int to = (int)((long)count * (t + 1) / shares);
            long[] own = t == 0 ? histogram : _perThread[t] ??= new long[data.TotalBins];
            if (t > 0)
            {
                Array.Clear(own);
            }

            Add(leaf, from, to, features, own);
        });
        for (int t = 1; t < shares; t++)
        {
            Histogram.Merge(histogram, _perThread[t]);
        }
    }

    /// <summary>Threads that are worth handing so many rows to.</summary>
    private int Shares(int rows) => Math.Clamp(rows / ParallelRows, 1, threads);

    /// <summary>Adds the leaf's rows from the one numbered <paramref name="from"/> to the one before <paramref name="to"/>.</summary>
    private void Add(int leaf, int from, int to, int[]? features, long[] histogram)
    {
        for (int block = 0; block < Partition.Blocks && to > 0; block++)
        {
            ReadOnlySpan<ushort> places = Partition.Places(leaf, block);
            if (from < places.Length)
            {
                Histogram.Add(data, Packed, block * RowPartition.BlockRows, places[from..Math.Min(to, places.Length)], features, histogram);
            }

            from = Math.Max(0, from - places.Length);
            to -= places.Length;
        }
    }
}
