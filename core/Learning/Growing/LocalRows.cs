using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>Rows in this process: bins, packed gradients, and which rows each leaf holds.</summary>
internal sealed class LocalRows(BinnedMatrix data, int threads) : ITreeRows
{
    private const int ParallelRows = 4096;
    private readonly RowPartition _partition = new(data.Rows);
    private readonly List<(int Begin, int Count)> _leaves = [];
    private readonly long[][] _perThread = new long[threads][];

    /// <summary>The gradients of the tree that grows.</summary>
    public int[] Packed { get; set; } = [];

    /// <summary>Puts all rows, or those that <paramref name="isIn"/> accepts, into leaf 0.</summary>
    public void Reset(Func<int, bool>? isIn)
    {
        _partition.Reset(data.Rows, isIn);
        _leaves.Clear();
        _leaves.Add((0, _partition.Count));
    }

    /// <summary>The rows of a leaf, ascending.</summary>
    public ReadOnlySpan<int> Rows(int leaf) => _partition.Rows(_leaves[leaf].Begin, _leaves[leaf].Count);

    public (long Sum, int Count) Root()
    {
        long sum = 0;
        foreach (int row in Rows(0))
        {
            int p = Packed[row];
            sum += ((long)(p >> 16) << 32) + (ushort)p;
        }

        return (sum, _leaves[0].Count);
    }

    public int Part(int leaf, Split split, int left, int right)
    {
        (int begin, int count) = _leaves[leaf];
        int leftCount = _partition.Apply(data, split, begin, count, threads);
        while (_leaves.Count <= Math.Max(left, right))
        {
            _leaves.Add(default);
        }

        _leaves[left] = (begin, leftCount);
        _leaves[right] = (begin + leftCount, count - leftCount);
        return leftCount;
    }

    /// <summary>By rows: each thread sums its share into a histogram of its own; the sums are then added, which is exact in integers.</summary>
    public void AddHistogram(int leaf, int[]? features, long[] histogram)
    {
        (int begin, int count) = _leaves[leaf];
        int shares = Math.Min(threads, count / ParallelRows);
        if (shares <= 1)
        {
            Histogram.Add(data, Packed, _partition.Rows(begin, count), features, histogram);
            return;
        }

        Parallel.For(0, shares, new ParallelOptions { MaxDegreeOfParallelism = shares }, t =>
        {
            int from = (int)((long)count * t / shares);
            int to = (int)((long)count * (t + 1) / shares);
            long[] own = t == 0 ? histogram : _perThread[t] ??= new long[data.TotalBins];
            if (t > 0)
            {
                Array.Clear(own);
            }

            Histogram.Add(data, Packed, _partition.Rows(begin + from, to - from), features, own);
        });
        for (int t = 1; t < shares; t++)
        {
            Histogram.Merge(histogram, _perThread[t]);
        }
    }
}
