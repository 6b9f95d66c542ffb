using System.Runtime.InteropServices;

namespace Mlops.Core.Learning.Binning;

/// <summary>Makes the <see cref="BinSketch"/> of rows that come block by block, without keeping the blocks.</summary>
/// <remarks>Holds at most twice the rows of a sketch: then the larger half of the keys goes, and rows with such keys are passed over from then on. O(1) per row.</remarks>
internal sealed class GrowingSketch(IReadOnlyList<FeatureColumn> features)
{
    private readonly List<ulong> _keys = [];
    private readonly List<float>[] _values = [.. features.Select(_ => new List<float>())];
    private readonly long[]?[] _counts = BinSketch.NoCounts(features);
    private readonly List<int> _rows = [];
    private ulong _largest = ulong.MaxValue;

    /// <summary>Adds rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="firstRow">For rows without ids: the position of the first one in the whole.</param>
    public void Add(TrainingSet block, long firstRow)
    {
        _rows.Clear();
        for (int row = 0; row < block.Rows; row++)
        {
            ulong key = Hash.Of(0, block.RowIds is null ? firstRow + row : block.RowIds[row]);
            if (key <= _largest)
            {
                _rows.Add(row);
                _keys.Add(key);
            }
        }

        for (int j = 0; j < _values.Length; j++)
        {
            ReadOnlySpan<float> column = block.X.Column(j);
            foreach (int row in _rows)
            {
                _values[j].Add(column[row]);
            }
        }

        BinSketch.CountCodes(block.X, _counts);
        if (_keys.Count >= 2 * BinSketch.MaxRows)
        {
            KeepSmallest();
        }
    }

    /// <summary>The sketch of all rows so far.</summary>
    public BinSketch Build()
    {
        KeepSmallest();
        return BinSketch.Of(features, [.. _keys], [.. _values.Select(values => values.ToArray())], _counts);
    }

    private void KeepSmallest()
    {
        if (_keys.Count <= BinSketch.MaxRows)
        {
            return;
        }

        ulong[] sorted = [.. _keys];
        Array.Sort(sorted);
        _largest = sorted[BinSketch.MaxRows - 1];
        bool[] kept = new bool[sorted.Length];
        for ((int i, int room) = (0, BinSketch.MaxRows); room > 0; i++)
        {
            kept[i] = _keys[i] <= _largest;
            room -= kept[i] ? 1 : 0;
        }

        foreach (List<float> values in _values)
        {
            Keep(values, kept);
        }

        Keep(_keys, kept);
    }

    private static void Keep<T>(List<T> values, bool[] kept)
    {
        Span<T> all = CollectionsMarshal.AsSpan(values);
        int count = 0;
        for (int i = 0; i < kept.Length; i++)
        {
            all[count] = all[i];
            count += kept[i] ? 1 : 0;
        }

        values.RemoveRange(count, values.Count - count);
    }
}
