using System.Runtime.CompilerServices;
using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>Which rows each leaf of a tree holds.</summary>
/// <remarks>Rows are parted in blocks of <see cref="BlockRows"/>, each by itself, so that a row takes two bytes: its place in its block. Within a block
/// each leaf has one run of ascending places:
/// <code>
/// block 0 [ leaf 3 | leaf 4   | leaf 2 ]   block 1 [ leaf 3   | leaf 4 | leaf 2 ]   …
/// </code>
/// Blocks share nothing and are parted in parallel; the order within a leaf is that of the rows, whatever the number of threads.</remarks>
internal sealed unsafe class RowPartition
{
    /// <summary>Rows per block: 64 KB of places, half of a second-level cache with what they point to.</summary>
    public const int BlockRows = 1 << 15;

    private readonly int _rows;
    private readonly ushort[] _places;
    private readonly byte[] _goesLeft = new byte[FeatureBins.MaxBins];
    private Run[] _runs;

    public RowPartition(int rows)
    {
        _rows = rows;
        _places = new ushort[rows];
        Blocks = (rows + BlockRows - 1) / BlockRows;
        _runs = new Run[64 * Blocks];
    }

    /// <summary>Blocks of rows; the last may be shorter.</summary>
    public int Blocks { get; }

    /// <summary>Puts all rows, or those that <paramref name="isIn"/> accepts, into leaf 0 and returns their number.</summary>
    public int Reset(Func<int, bool>? isIn)
    {
        int total = 0;
        for (int block = 0; block < Blocks; block++)
        {
            int first = block * BlockRows;
            Span<ushort> places = _places.AsSpan(first, Math.Min(BlockRows, _rows - first));
            int count = 0;
            for (int i = 0; i < places.Length; i++)
            {
                if (isIn is null || isIn(first + i))
                {
                    places[count++] = (ushort)i;
                }
            }

            _runs[block] = new Run(0, count);
            total += count;
        }

        return total;
    }

    /// <summary>A leaf's places in a block, ascending: row = block · <see cref="BlockRows"/> + place.</summary>
    public ReadOnlySpan<ushort> Places(int leaf, int block)
    {
        Run run = _runs[(leaf * Blocks) + block];
        return _places.AsSpan((block * BlockRows) + run.Begin, run.Count);
    }

    /// <summary>Parts a leaf's rows between two new ids and returns the number of left ones. O(rows).</summary>
    public int Part(BinnedMatrix data, Split split, int leaf, int left, int right, int threads)
    {
        FeatureBins feature = data.Features[split.Feature];
        for (int bin = 0; bin < feature.Count; bin++)
        {
            bool goes = split.LeftBins is null ? bin <= split.Bin : split.LeftBins[bin];
            _goesLeft[bin] = (byte)((bin == feature.MissingBin ? split.MissingLeft : goes) ? 1 : 0);
        }

        int needed = (Math.Max(left, right) + 1) * Blocks;
        if (_runs.Length < needed)
        {
            Array.Resize(ref _runs, Math.Max(needed, 2 * _runs.Length));
        }

        ParallelBlocks.Do(Blocks, threads, block => PartBlock(data, split.Feature, block, leaf, left, right));

        int total = 0;
        for (int block = 0; block < Blocks; block++)
        {
            total += _runs[(left * Blocks) + block].Count;
        }

        return total;
    }

    /// <summary>Orders a leaf's run in place: left rows, then right rows, each in their order.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PartBlock(BinnedMatrix data, int feature, int block, int leaf, int left, int right)
    {
        Run run = _runs[(leaf * Blocks) + block];
        int first = block * BlockRows;
        int stride = data.Stride;
        int l = 0;
        int r = 0;
        ushort* rights = stackalloc ushort[run.Count];
        fixed (byte* bins = data.Bins)
        fixed (byte* goesLeft = _goesLeft)
        fixed (ushort* all = _places)
        {
            byte* column = bins + ((long)first * stride) + feature;
            ushort* places = all + first + run.Begin;
            int last = run.Count - 1;

            // Both stores, one counted: a branch here would be mispredicted for half the rows.
            for (int i = 0; i <= last; i++)
            {
                Histogram.Prefetch(column + ((long)places[Math.Min(i + Histogram.PrefetchRows, last)] * stride));
                ushort place = places[i];
                int goes = goesLeft[column[(long)place * stride]];
                places[l] = place;
                rights[r] = place;
                l += goes;
                r += 1 - goes;
            }

            new ReadOnlySpan<ushort>(rights, r).CopyTo(new Span<ushort>(places + l, r));
        }

        _runs[(left * Blocks) + block] = new Run(run.Begin, l);
        _runs[(right * Blocks) + block] = new Run(run.Begin + l, r);
    }

    private readonly record struct Run(int Begin, int Count);
}
