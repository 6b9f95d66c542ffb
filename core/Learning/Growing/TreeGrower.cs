using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>Grows one tree, best leaf first, on binned data.</summary>
/// <remarks>Steps: 1. histogram of the root; 2. best split of a leaf; 3. split the leaf of largest gain (the older of equals); 4. histogram of
/// the child with fewer rows, the other by subtraction; back to 2. One tree costs O(features · (rows · depth of the smaller children + bins · leaves)).
/// Nothing depends on the number of threads: sums are of integers, the best of equal splits is the one of the lowest feature.</remarks>
internal sealed class TreeGrower
{
    private const int ParallelRows = 4096;
    private readonly BinnedMatrix _data;
    private readonly GrowerOptions _options;
    private readonly Stack<long[]> _pool = [];
    private readonly long[][] _perThread;
    private readonly PhaseTimer? _timer;

    public TreeGrower(BinnedMatrix data, GrowerOptions options, int rows, PhaseTimer? timer = null)
    {
        _timer = timer;
        _data = data;
        _options = options;
        Partition = new RowPartition(rows);
        _perThread = new long[options.Threads][];
    }

    /// <summary>The rows by leaf.</summary>
    public RowPartition Partition { get; }

    /// <summary>Grows a tree over the partition's rows and returns its leaves with the tree under construction.</summary>
    /// <param name="gradients">Quantised gradients.</param>
    /// <param name="features">Columns to split on, ascending; null for all.</param>
    /// <param name="cancellationToken">Stops between two splits.</param>
    public (TreeBuilder Tree, List<Leaf> Leaves) Grow(Gradients gradients, int[]? features, CancellationToken cancellationToken)
    {
        TreeBuilder tree = new();
        long start = _timer?.Start() ?? 0;
        long[] histogram = Rent();
        Build(gradients, 0, Partition.Count, features, histogram);
        long sum = Sum(gradients);
        _timer?.Stop("root histogram", start);
        Leaf root = new()
        {
            Node = tree.AddLeaf(Partition.Count),
            Begin = 0,
            Depth = 0,
            L2 = _options.L2,
            State = new LeafState(sum, Partition.Count, -_options.MaxStep, _options.MaxStep),
            Histogram = histogram,
        };
        List<Leaf> leaves = [root];
        PriorityQueue<Leaf, (double, int)> queue = new();
        Offer(root);
        while (leaves.Count < _options.MaxLeaves && queue.TryDequeue(out Leaf? leaf, out _))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (Leaf left, Leaf right) = Part(tree, leaf);
            if (left.Count < _options.MinLeafRows || right.Count < _options.MinLeafRows)
            {
                // The estimate of rows erred: the leaf stays whole.
                Return(leaf);
                continue;
            }

            Split split = leaf.Best!;
            left = Adopt(tree, left);
            right = Adopt(tree, right);
            tree.SetSplit(leaf.Node, split, _data.Features[split.Feature], left.Node, right.Node);
            leaves[leaves.IndexOf(leaf)] = left;
            leaves.Add(right);
            if (leaves.Count < _options.MaxLeaves)
            {
                Histograms(gradients, features, leaf, left, right);
                Offer(left);
                Offer(right);
            }
            else
            {
                Return(leaf);
            }
        }

        foreach (Leaf leaf in leaves)
        {
            Return(leaf);
        }

        return (tree, leaves);

        void Offer(Leaf leaf)
        {
            if (leaf.Histogram is null)
            {
                return;
            }

            long start = _timer?.Start() ?? 0;
            leaf.Best = FindBest(leaf, gradients, features);
            _timer?.Stop("splits", start);
            if (leaf.Best is null)
            {
                Return(leaf);
            }
            else
            {
                queue.Enqueue(leaf, (-leaf.Best.Gain, leaf.Node));
            }
        }
    }

    private static Leaf Adopt(TreeBuilder tree, Leaf leaf) => new()
    {
        Node = tree.AddLeaf(leaf.Count),
        Begin = leaf.Begin,
        Depth = leaf.Depth,
        L2 = leaf.L2,
        State = leaf.State,
    };

    private long Sum(Gradients gradients)
    {
        long sum = 0;
        foreach (int row in Partition.Rows(0, Partition.Count))
        {
            int p = gradients.Packed[row];
            sum += ((long)(p >> 16) << 32) + (ushort)p;
        }

        return sum;
    }

    /// <summary>Parts the rows; the children have no node yet.</summary>
    private (Leaf Left, Leaf Right) Part(TreeBuilder tree, Leaf leaf)
    {
        _ = tree;
        Split split = leaf.Best!;
        long start = _timer?.Start() ?? 0;
        int leftCount = Partition.Apply(_data, split, leaf.Begin, leaf.Count, _options.Threads);
        _timer?.Stop("partition", start);
        int monotone = _options.Monotone?[split.Feature] ?? 0;
        double middle = (split.LeftValue + split.RightValue) / 2;
        double l2 = _options.L2 + (split.LeftBins is null ? 0 : _options.CategoricalL2);
        LeafState state = leaf.State;
        Leaf left = new()
        {
            Node = -1,
            Begin = leaf.Begin,
            Depth = leaf.Depth + 1,
            L2 = l2,
            State = new LeafState(split.LeftSum, leftCount, monotone < 0 ? middle : state.Low, monotone > 0 ? middle : state.High),
        };
        Leaf right = new()
        {
            Node = -1,
            Begin = leaf.Begin + leftCount,
            Depth = leaf.Depth + 1,
            L2 = l2,
            State = new LeafState(state.Sum - split.LeftSum, leaf.Count - leftCount, monotone > 0 ? middle : state.Low, monotone < 0 ? middle : state.High),
        };
        return (left, right);
    }

    private bool CanSplit(Leaf leaf) =>
        leaf.Count >= 2 * _options.MinLeafRows && (_options.MaxDepth == 0 || leaf.Depth < _options.MaxDepth);

    /// <summary>Gives the children that can split their histograms: the smaller by its rows, the larger by subtraction in the parent's.</summary>
    private void Histograms(Gradients gradients, int[]? features, Leaf parent, Leaf left, Leaf right)
    {
        (Leaf small, Leaf large) = left.Count <= right.Count ? (left, right) : (right, left);
        if (!CanSplit(large))
        {
            Return(parent);
            return;
        }

        long start = _timer?.Start() ?? 0;
        long[] histogram = Rent();
        Build(gradients, small.Begin, small.Count, features, histogram);
        Histogram.Subtract(parent.Histogram!, histogram);
        _timer?.Stop("histograms", start);
        large.Histogram = parent.Histogram;
        parent.Histogram = null;
        small.Histogram = histogram;
        if (!CanSplit(small))
        {
            Return(small);
        }
    }

    private Split? FindBest(Leaf leaf, Gradients gradients, int[]? features)
    {
        int count = features?.Length ?? _data.Stride;
        Split? best = null;
        for (int j = 0; j < count; j++)
        {
            int feature = features?[j] ?? j;
            ReadOnlySpan<long> part = leaf.Histogram.AsSpan(_data.Offsets[feature], _data.Features[feature].Count);
            Split? split = SplitFinder.Find(feature, _data.Features[feature], part, leaf.State, _options, gradients.GradientUnit, gradients.HessianUnit);
            if (split is not null && (best is null || split.Gain > best.Gain))
            {
                best = split;
            }
        }

        return best;
    }

    private void Build(Gradients gradients, int begin, int count, int[]? features, long[] histogram)
    {
        int threads = Math.Min(_options.Threads, count / ParallelRows);
        if (threads <= 1)
        {
            Histogram.Add(_data, gradients.Packed, Partition.Rows(begin, count), features, histogram);
            return;
        }

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, t =>
        {
            int from = (int)((long)count * t / threads);
            int to = (int)((long)count * (t + 1) / threads);
            long[] own = t == 0 ? histogram : _perThread[t] ??= new long[_data.TotalBins];
            if (t > 0)
            {
                Array.Clear(own);
            }

            Histogram.Add(_data, gradients.Packed, Partition.Rows(begin + from, to - from), features, own);
        });
        for (int t = 1; t < threads; t++)
        {
            Histogram.Merge(histogram, _perThread[t]);
        }
    }

    private long[] Rent()
    {
        if (!_pool.TryPop(out long[]? histogram))
        {
            return new long[_data.TotalBins];
        }

        Array.Clear(histogram);
        return histogram;
    }

    private void Return(Leaf leaf)
    {
        if (leaf.Histogram is not null)
        {
            _pool.Push(leaf.Histogram);
            leaf.Histogram = null;
        }
    }
}
