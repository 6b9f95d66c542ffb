using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>Grows one tree, best leaf first, on binned data.</summary>
/// <remarks>Steps: 1. histogram of the root; 2. best split of a leaf; 3. split the leaf of largest gain (the older of equals); 4. histogram of
/// the child with fewer rows, the other by subtraction; back to 2. One tree costs O(features · (rows · depth of the smaller children + bins · leaves)).
/// Nothing depends on the number of threads: sums are of integers, the best of equal splits is the one of the lowest feature.</remarks>
internal sealed class TreeGrower
{
    private readonly FeatureBins[] _features;
    private readonly int[] _offsets;
    private readonly GrowerOptions _options;
    private readonly Stack<long[]> _pool = [];
    private readonly PhaseTimer? _timer;

    public TreeGrower(FeatureBins[] features, GrowerOptions options, PhaseTimer? timer = null)
    {
        _timer = timer;
        _features = features;
        _offsets = BinnedMatrix.OffsetsOf(features);
        _options = options;
    }

    /// <summary>Grows a tree over the rows and returns its leaves with the tree under construction.</summary>
    /// <param name="rows">The rows, all in leaf 0.</param>
    /// <param name="gradientUnit">What a quantised gradient of 1 stands for.</param>
    /// <param name="hessianUnit">What a quantised hessian of 1 stands for.</param>
    /// <param name="features">Columns to split on, ascending; null for all.</param>
    /// <param name="cancellationToken">Stops between two splits.</param>
    public (TreeBuilder Tree, List<Leaf> Leaves) Grow(ITreeRows rows, double gradientUnit, double hessianUnit, int[]? features, CancellationToken cancellationToken)
    {
        TreeBuilder tree = new();
        int ids = 1;
        long start = _timer?.Start() ?? 0;
        long[] histogram = Rent();
        rows.AddHistogram(0, features, histogram);
        (long sum, int count) = rows.Root();
        _timer?.Stop("root histogram", start);
        Leaf root = new()
        {
            Id = 0,
            Node = tree.AddLeaf(count),
            Depth = 0,
            L2 = _options.L2,
            State = new LeafState(sum, count, -_options.MaxStep, _options.MaxStep),
            Histogram = histogram,
        };
        List<Leaf> leaves = [root];
        PriorityQueue<Leaf, (double, int)> queue = new();
        Offer(root);
        while (leaves.Count < _options.MaxLeaves && queue.TryDequeue(out Leaf? leaf, out _))
        {
            cancellationToken.ThrowIfCancellationRequested();
            (Leaf left, Leaf right) = Part(rows, leaf, ids);
            ids += 2;
            if (left.Count < _options.MinLeafRows || right.Count < _options.MinLeafRows)
            {
                // The estimate of rows erred: the leaf stays whole.
                Return(leaf);
                continue;
            }

            Split split = leaf.Best!;
            left = Adopt(tree, left);
            right = Adopt(tree, right);
            tree.SetSplit(leaf.Node, split, _features[split.Feature], left.Node, right.Node);
            leaves[leaves.IndexOf(leaf)] = left;
            leaves.Add(right);
            if (leaves.Count < _options.MaxLeaves)
            {
                Histograms(rows, features, leaf, left, right);
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

            long begun = _timer?.Start() ?? 0;
            leaf.Best = FindBest(leaf, gradientUnit, hessianUnit, features);
            _timer?.Stop("splits", begun);
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
        Id = leaf.Id,
        Node = tree.AddLeaf(leaf.Count),
        Depth = leaf.Depth,
        L2 = leaf.L2,
        State = leaf.State,
    };

    /// <summary>Parts the rows of a leaf between two new ids; the children have no node yet.</summary>
    private (Leaf Left, Leaf Right) Part(ITreeRows rows, Leaf leaf, int firstId)
    {
        Split split = leaf.Best!;
        long start = _timer?.Start() ?? 0;
        int leftCount = rows.Part(leaf.Id, split, firstId, firstId + 1);
        _timer?.Stop("partition", start);
        int monotone = _options.Monotone?[split.Feature] ?? 0;
        double middle = (split.LeftValue + split.RightValue) / 2;
        double l2 = _options.L2 + (split.LeftBins is null ? 0 : _options.CategoricalL2);
        LeafState state = leaf.State;
        Leaf left = new()
        {
            Id = firstId,
            Node = -1,
            Depth = leaf.Depth + 1,
            L2 = l2,
            State = new LeafState(split.LeftSum, leftCount, monotone < 0 ? middle : state.Low, monotone > 0 ? middle : state.High),
        };
        Leaf right = new()
        {
            Id = firstId + 1,
            Node = -1,
            Depth = leaf.Depth + 1,
            L2 = l2,
            State = new LeafState(state.Sum - split.LeftSum, leaf.Count - leftCount, monotone > 0 ? middle : state.Low, monotone < 0 ? middle : state.High),
        };
        return (left, right);
    }

    private bool CanSplit(Leaf leaf) =>
        leaf.Count >= 2 * _options.MinLeafRows && (_options.MaxDepth == 0 || leaf.Depth < _options.MaxDepth);

    /// <summary>Gives the children that can split their histograms: the smaller by its rows, the larger by subtraction in the parent's.</summary>
    private void Histograms(ITreeRows rows, int[]? features, Leaf parent, Leaf left, Leaf right)
    {
        (Leaf small, Leaf large) = left.Count <= right.Count ? (left, right) : (right, left);
        if (!CanSplit(large))
        {
            Return(parent);
            return;
        }

        long start = _timer?.Start() ?? 0;
        long[] histogram = Rent();
        rows.AddHistogram(small.Id, features, histogram);
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

    private Split? FindBest(Leaf leaf, double gradientUnit, double hessianUnit, int[]? features)
    {
        int count = features?.Length ?? _features.Length;
        Split? best = null;
        for (int j = 0; j < count; j++)
        {
            int feature = features?[j] ?? j;
            ReadOnlySpan<long> part = leaf.Histogram.AsSpan(_offsets[feature], _features[feature].Count);
            Split? split = SplitFinder.Find(feature, _features[feature], part, leaf.State, _options, gradientUnit, hessianUnit);
            if (split is not null && (best is null || split.Gain > best.Gain))
            {
                best = split;
            }
        }

        return best;
    }

    private long[] Rent()
    {
        if (!_pool.TryPop(out long[]? histogram))
        {
            return new long[_offsets[^1]];
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
