using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>The rows of a tree, each leaf's in one run; splitting a leaf orders its run in place into left rows, then right rows.</summary>
/// <remarks>Stable, so that rows stay ascending within a leaf and memory is read forwards. Chunks of fixed size are parted independently, then moved:
/// <code>
/// before   [ chunk 1        | chunk 2        | chunk 3  ]
/// parted   [ L1 L1 L1 . . . | L2 L2 . . . . .| L3 . .   ]   and the rights in a second array at the same places
/// moved    [ L1 L1 L1 L2 L2 L3 | R1 R1 R1 R2 R2 R2 R2 R2 R3 R3 ]
/// </code>
/// The second array holds half of all rows; a longer run is parted in two halves, whose middle parts then change places.</remarks>
internal sealed unsafe class RowPartition
{
    private const int ChunkRows = 16_384;
    private const int PrefetchRows = 32;
    private readonly int[] _rows;
    private readonly int[] _right;
    private readonly int[] _leftCounts;
    private readonly byte[] _goesLeft = new byte[FeatureBins.MaxBins];

    public RowPartition(int capacity)
    {
        _rows = new int[capacity];
        _right = new int[(capacity + 1) / 2];
        _leftCounts = new int[(capacity / ChunkRows) + 1];
    }

    /// <summary>Rows in the tree.</summary>
    public int Count { get; private set; }

    /// <summary>All rows, or those that <paramref name="isIn"/> accepts, in ascending order.</summary>
    public void Reset(int rows, Func<int, bool>? isIn)
    {
        int count = 0;
        for (int i = 0; i < rows; i++)
        {
            if (isIn is null || isIn(i))
            {
                _rows[count++] = i;
            }
        }

        Count = count;
    }

    /// <summary>The rows of a leaf.</summary>
    public ReadOnlySpan<int> Rows(int begin, int count) => _rows.AsSpan(begin, count);

    /// <summary>Parts a leaf's run and returns the number of left rows. O(rows).</summary>
    public int Apply(BinnedMatrix data, Split split, int begin, int count, int threads)
    {
        FeatureBins feature = data.Features[split.Feature];
        for (int bin = 0; bin < feature.Count; bin++)
        {
            bool left = split.LeftBins is null ? bin <= split.Bin : split.LeftBins[bin];
            _goesLeft[bin] = (byte)((bin == feature.MissingBin ? split.MissingLeft : left) ? 1 : 0);
        }

        return Part(data, split.Feature, begin, count, threads);
    }

    private int Part(BinnedMatrix data, int feature, int begin, int count, int threads)
    {
        if (count > _right.Length)
        {
            int half = count / 2;
            int first = Part(data, feature, begin, half, threads);
            int second = Part(data, feature, begin + half, count - half, threads);
            Swap(begin + first, half - first, second);
            return first + second;
        }

        int chunks = (count + ChunkRows - 1) / ChunkRows;
        if (chunks <= 1 || threads == 1)
        {
            for (int c = 0; c < chunks; c++)
            {
                PartChunk(data, feature, begin, count, c);
            }
        }
        else
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, c => PartChunk(data, feature, begin, count, c));
        }

        int leftTotal = 0;
        for (int c = 0; c < chunks; c++)
        {
            Array.Copy(_rows, begin + (c * ChunkRows), _rows, begin + leftTotal, _leftCounts[c]);
            leftTotal += _leftCounts[c];
        }

        int at = begin + leftTotal;
        for (int c = 0; c < chunks; c++)
        {
            int length = Math.Min(ChunkRows, count - (c * ChunkRows)) - _leftCounts[c];
            Array.Copy(_right, c * ChunkRows, _rows, at, length);
            at += length;
        }

        return leftTotal;
    }

    /// <summary>Exchanges two neighbouring runs, keeping the order within each.</summary>
    private void Swap(int begin, int firstLength, int secondLength)
    {
        if (firstLength <= secondLength)
        {
            Array.Copy(_rows, begin, _right, 0, firstLength);
            Array.Copy(_rows, begin + firstLength, _rows, begin, secondLength);
            Array.Copy(_right, 0, _rows, begin + secondLength, firstLength);
            return;
        }

        Array.Copy(_rows, begin + firstLength, _right, 0, secondLength);
        Array.Copy(_rows, begin, _rows, begin + secondLength, firstLength);
        Array.Copy(_right, 0, _rows, begin, secondLength);
    }

    private void PartChunk(BinnedMatrix data, int feature, int begin, int count, int chunk)
    {
        int start = begin + (chunk * ChunkRows);
        int length = Math.Min(ChunkRows, count - (chunk * ChunkRows));
        int stride = data.Stride;
        fixed (byte* bins = data.Bins)
        fixed (byte* goesLeft = _goesLeft)
        fixed (int* rows = _rows)
        fixed (int* right = _right)
        {
            byte* column = bins + feature;
            int* lefts = rows + start;
            int* rights = right + (start - begin);
            int l = 0;
            int r = 0;

            // Both stores, one counted: a branch here would be mispredicted for half the rows.
            for (int i = 0; i < length; i++)
            {
                Histogram.Prefetch(column + ((long)rows[start + Math.Min(i + PrefetchRows, length - 1)] * stride));
                int row = rows[start + i];
                int left = goesLeft[column[(long)row * stride]];
                lefts[l] = row;
                rights[r] = row;
                l += left;
                r += 1 - left;
            }

            _leftCounts[chunk] = l;
        }
    }
}
