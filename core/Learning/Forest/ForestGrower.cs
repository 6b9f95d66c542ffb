using System.Numerics;
using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Growing;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Forest;

/// <summary>Grows one forest tree, depth first. One instance serves one thread; a tree is a function of data, options and its seed.</summary>
/// <remarks><para>Criterion: weighted variance of the answers, which for two classes coded 0 and 1 is half the Gini impurity; for more classes the Gini
/// impurity itself. Per node: 1. draw columns until enough of them were tried and one of them splits; 2. histogram of a column over the node's rows;
/// 3. best cut; 4. part the rows, stably.</para>
/// <para>A node of n rows costs O(n) per column tried, not O(n + bins): small nodes note which bins they touched in a bitmap and read and clear
/// only those. Most nodes of a full-depth tree are small.</para></remarks>
internal sealed partial class ForestGrower
{
    private const int BitmapRows = 128;
    private readonly ForestData _data;
    private readonly ForestOptions _options;
    private readonly int _channels;
    private readonly int _tries;
    private readonly int[] _rows;
    private readonly int[] _scratch;
    private readonly int[] _count;
    private readonly int[] _order;
    private readonly long[] _sums;
    private readonly ulong[] _touched = new ulong[4];
    private readonly int[] _bins = new int[FeatureBins.MaxBins];
    private readonly double[] _keys = new double[FeatureBins.MaxBins];
    private readonly long[] _total;
    private readonly long[] _left;
    private ulong _state;

    public ForestGrower(ForestData data, ForestOptions options)
    {
        _data = data;
        _options = options;

        // Channel 0 is the weight; then the weighted answer, or one weight per class.
        _channels = data.Classes > 2 ? 1 + data.Classes : 2;
        double fraction = options.ColumnFraction ?? (data.Classes > 0 ? Math.Sqrt(data.Features.Length) / data.Features.Length : 1.0 / 3);
        _tries = Math.Clamp((int)Math.Round(fraction * data.Features.Length), 1, Math.Max(1, data.Features.Length));
        _rows = new int[data.Rows];
        _scratch = new int[data.Rows];
        _count = new int[data.Rows];
        _order = Enumerable.Range(0, data.Features.Length).ToArray();
        _sums = new long[FeatureBins.MaxBins * _channels];
        _total = new long[_channels];
        _left = new long[_channels];
    }

    /// <summary>Grows the tree of a seed. <paramref name="outOfBag"/>, when given, is set to the rows that the tree did not see.</summary>
    public DecisionTree Grow(ulong seed, bool[]? outOfBag)
    {
        _state = seed;
        int width = _data.Classes > 2 ? _data.Classes : 1;
        TreeBuilder tree = new(width);
        int rows = DrawRows(outOfBag);
        for (int j = 0; j < _order.Length; j++)
        {
            _order[j] = j;
        }

        Stack<(int Node, int Begin, int Count, int Depth)> open = new();
        open.Push((tree.AddLeaf(0), 0, rows, 0));
        while (open.TryPop(out (int Node, int Begin, int Count, int Depth) node))
        {
            int repeats = Total(node.Begin, node.Count);
            tree.SetCover(node.Node, _total[0]);
            bool whole = IsPure() || repeats < 2 * _options.MinLeafRows || (_options.MaxDepth > 0 && node.Depth >= _options.MaxDepth);
            if (whole || FindSplit(node.Begin, node.Count) is not { } split)
            {
                SetLeaf(tree, node.Node);
                continue;
            }

            int left = Part(split, node.Begin, node.Count);
            int leftNode = tree.AddLeaf(0);
            int rightNode = tree.AddLeaf(0);
            tree.SetSplit(node.Node, split, _data.Features[split.Feature], leftNode, rightNode);
            open.Push((rightNode, node.Begin + left, node.Count - left, node.Depth + 1));
            open.Push((leftNode, node.Begin, left, node.Depth + 1));
        }

        return tree.Build(width == 1 ? 0 : -1);
    }

    private ulong Next()
    {
        _state += 0x9E37_79B9_7F4A_7C15;
        return Hash.Mix(_state);
    }

    /// <summary>A number in 0 … below − 1 (multiply-shift; the bias is below 2⁻³²).</summary>
    private int Next(int below) => (int)((UInt128)Next() * (ulong)below >> 64);

    private int DrawRows(bool[]? outOfBag)
    {
        int n = _data.Rows;
        if (_options.Bootstrap)
        {
            Array.Clear(_count);
            for (int i = 0; i < n; i++)
            {
                _count[Next(n)]++;
            }
        }
        else
        {
            Array.Fill(_count, 1);
        }

        int rows = 0;
        for (int i = 0; i < n; i++)
        {
            bool isIn = _count[i] > 0;
            if (outOfBag is not null)
            {
                outOfBag[i] = !isIn;
            }

            if (isIn && _data.Weights[i] > 0)
            {
                _rows[rows++] = i;
            }
        }

        return rows;
    }

    /// <summary>Sums the node's rows into <see cref="_total"/> and returns the rows, repeats counted.</summary>
    private int Total(int begin, int count)
    {
        Array.Clear(_total);
        int repeats = 0;
        foreach (int row in _rows.AsSpan(begin, count))
        {
            long weight = (long)_count[row] * _data.Weights[row];
            repeats += _count[row];
            _total[0] += weight;
            if (_channels == 2)
            {
                _total[1] += weight * _data.Answers[row];
            }
            else
            {
                _total[1 + _data.Answers[row]] += weight;
            }
        }

        return repeats;
    }

    private bool IsPure()
    {
        if (_data.Classes == 2)
        {
            return _total[1] == 0 || _total[1] == _total[0];
        }

        return _channels > 2 && _total.AsSpan(1).Contains(_total[0]);
    }

    private void SetLeaf(TreeBuilder tree, int node)
    {
        double weight = Math.Max(1, _total[0]);
        if (_channels > 2)
        {
            for (int k = 0; k < _data.Classes; k++)
            {
                tree.SetValue(node, _total[1 + k] / weight, k);
            }
        }
        else
        {
            tree.SetValue(node, (_total[1] / weight * _data.AnswerUnit) + _data.AnswerCentre);
        }
    }

    /// <summary>The best split among the drawn columns; columns that cannot split do not count as tries.</summary>
    private Split? FindSplit(int begin, int count)
    {
        Split? best = null;
        int tried = 0;
        for (int j = 0; j < _order.Length && (tried < _tries || best is null); j++)
        {
            int pick = j + Next(_order.Length - j);
            (_order[j], _order[pick]) = (_order[pick], _order[j]);
            int feature = _order[j];
            if (_data.Features[feature].ValueBins == 0)
            {
                continue;
            }

            int present = Accumulate(feature, begin, count);
            if (present > 1)
            {
                tried++;
                Split? split = _data.Features[feature].Codes is null ? Numeric(feature, present) : Categorical(feature, present);
                if (split is { } found && (best is null || found.Gain > best.Value.Gain))
                {
                    best = split;
                }
            }

            Clear(present);
        }

        return best;
    }

    /// <summary>Histogram of a column over the node; lists the bins that occur, ascending, and returns their number.</summary>
    private int Accumulate(int feature, int begin, int count)
    {
        byte[] column = _data.Columns[feature];
        ReadOnlySpan<int> rows = _rows.AsSpan(begin, count);
        if (_channels == 2)
        {
            AccumulateAnswers(column, rows, _sums, _count, _data.Weights, _data.Answers);
        }
        else
        {
            foreach (int row in rows)
            {
                long weight = (long)_count[row] * _data.Weights[row];
                int at = column[row] * _channels;
                _sums[at] += weight;
                _sums[at + 1 + (int)_data.Answers[row]] += weight;
            }
        }

        int present = 0;
        if (count > BitmapRows)
        {
            for (int bin = 0; bin < _data.Features[feature].Count; bin++)
            {
                if (_sums[bin * _channels] != 0)
                {
                    _bins[present++] = bin;
                }
            }

            return present;
        }

        _touched.AsSpan().Clear();
        foreach (int row in rows)
        {
            int bin = column[row];
            _touched[bin >> 6] |= 1UL << bin;
        }

        for (int word = 0; word < _touched.Length; word++)
        {
            for (ulong bits = _touched[word]; bits != 0; bits &= bits - 1)
            {
                _bins[present++] = (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return present;
    }

    private static void AccumulateAnswers(byte[] column, ReadOnlySpan<int> rows, long[] sums, int[] count, int[] weights, long[] answers)
    {
        foreach (int row in rows)
        {
            long weight = (long)count[row] * weights[row];
            int at = column[row] * 2;
            sums[at] += weight;
            sums[at + 1] += weight * answers[row];
        }
    }

    private void Clear(int present)
    {
        for (int i = 0; i < present; i++)
        {
            _sums.AsSpan(_bins[i] * _channels, _channels).Clear();
        }
    }

    private int Part(Split split, int begin, int count)
    {
        byte[] column = _data.Columns[split.Feature];
        int missing = _data.Features[split.Feature].MissingBin;
        Span<int> rows = _rows.AsSpan(begin, count);
        int left = 0;
        int right = 0;
        foreach (int row in rows)
        {
            int bin = column[row];
            bool goesLeft = bin == missing ? split.MissingLeft : split.LeftBins is null ? bin <= split.Bin : split.LeftBins[bin];
            rows[left] = row;
            _scratch[right] = row;
            left += goesLeft ? 1 : 0;
            right += goesLeft ? 0 : 1;
        }

        _scratch.AsSpan(0, right).CopyTo(rows[left..]);
        return left;
    }
}
