using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Growing;

/// <summary>Grows one tree, best leaf first, on binned data.</summary>
/// <remarks>Steps: 1. histogram of the root; 2. best split of a leaf; 3. split the leaf of largest gain (the older of equals); 4. histogram of
/// the child with fewer rows, the other by subtraction; back to 2. One tree costs O(features · (rows · depth of the smaller children + bins · leaves)).
/// Nothing depends on the number of threads: sums are of integers, the best of equal splits is the one of the lowest feature.
/// With s splits left only the s best leaves can be reached; the histograms of the others are given back, which halves their number at the peak.
/// Should a refused split bring such a leaf up after all, its child's histogram is summed from the rows: the same integers.</remarks>
internal sealed class TreeGrower
{
    private static readonly Comparer<Leaf> s_bestFirst = Comparer<Leaf>.Create((a, b) => (-a.Best!.Value.Gain, a.Node).CompareTo((-b.Best!.Value.Gain, b.Node)));
    private readonly FeatureBins[] _features;
    private readonly int[] _offsets;
    private readonly GrowerOptions _options;
    private readonly Stack<long[]> _pool = [];
    private readonly TreeBuilder _tree = new();
    private readonly PhaseTimer? _timer;

    public TreeGrower(FeatureBins[] features, GrowerOptions options, PhaseTimer? timer = null)
    {
        _timer = timer;
        _features = features;
        _offsets = BinnedMatrix.OffsetsOf(features);
        _options = options;
    }

    /// <summary>Grows a tree over the rows and returns its leaves with the tree under construction, which the next call reuses.</summary>
    /// <param name="rows">The rows, all in leaf 0.</param>
    /// <param name="gradientUnit">What a quantised gradient of 1 stands for.</param>
    /// <param name="hessianUnit">What a quantised hessian of 1 stands for.</param>
    /// <param name="features">Columns to split on, ascending; null for all.</param>
    /// <param name="cancellationToken">Stops between two splits.</param>
    public (TreeBuilder Tree, List<Leaf> Leaves) Grow(ITreeRows rows, double gradientUnit, double hessianUnit, int[]? features, CancellationToken cancellationToken)
    {
        _tree.Clear();
        int ids = 1;
        long start = _timer?.Start() ?? 0;
        long[] histogram = Rent();
        rows.AddHistogram(0, features, histogram);
        (long sum, int count) = rows.Root();
        _timer?.Stop("root histogram", start);
        Leaf root = new()
        {
            Id = 0,
            Node = _tree.AddLeaf(count),
            Depth = 0,
            L2 = _options.L2,
            State = new LeafState(sum, count, -_options.MaxStep, _options.MaxStep),
            Histogram = histogram,
        };
        List<Leaf> leaves = [root];
        PriorityQueue<Leaf, (double, int)> queue = new();
        SortedSet<Leaf> holding = new(s_bestFirst);
        Offer(root);
        while (leaves.Count < _options.MaxLeaves && queue.TryDequeue(out Leaf? leaf, out _))
        {
            cancellationToken.ThrowIfCancellationRequested();
            holding.Remove(leaf);
            (Leaf left, Leaf right) = Part(rows, leaf, ids);
            ids += 2;
            if (left.Count < _options.MinLeafRows || right.Count < _options.MinLeafRows)
            {
                // The estimate of rows erred: a few rows have most of the curvature, and the leaf stays whole. To look on for the best split that
                // leaves enough rows would fit those few.
                Return(leaf);
                continue;
            }

            Split split = leaf.Best!.Value;
            left.Node = _tree.AddLeaf(left.Count);
            right.Node = _tree.AddLeaf(right.Count);
            _tree.SetSplit(leaf.Node, split, _features[split.Feature], left.Node, right.Node);
            leaves[leaves.IndexOf(leaf)] = left;
            leaves.Add(right);
            if (leaves.Count < _options.MaxLeaves)
            {
                Histograms(rows, features, leaf, left, right);
                Offer(left);
                Offer(right);
                while (holding.Count > _options.MaxLeaves - leaves.Count)
                {
                    Leaf worst = holding.Max!;
                    holding.Remove(worst);
                    Return(worst);
                }
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

        return (_tree, leaves);

        void Offer(Leaf leaf)
        {
            if (leaf.Histogram is null)
            {
                return;
            }

            long begun = _timer?.Start() ?? 0;
            leaf.Best = FindBest(leaf, gradientUnit, hessianUnit, features);
            _timer?.Stop("splits", begun);
            if (leaf.Best is { } split)
            {
                queue.Enqueue(leaf, (-split.Gain, leaf.Node));
                holding.Add(leaf);
            }
            else
            {
                Return(leaf);
            }
        }
    }

    /// <summary>Parts the rows of a leaf between two new ids; the children have no node yet.</summary>
    private (Leaf Left, Leaf Right) Part(ITreeRows rows, Leaf leaf, int firstId)
    {
        Split split = leaf.Best!.Value;
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
            Depth = leaf.Depth + 1,
            L2 = l2,
            State = new LeafState(split.LeftSum, leftCount, monotone < 0 ? middle : state.Low, monotone > 0 ? middle : state.High),
        };
        Leaf right = new()
        {
            Id = firstId + 1,
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
        if (parent.Histogram is not null)
        {
            Histogram.Subtract(parent.Histogram, histogram);
            large.Histogram = parent.Histogram;
            parent.Histogram = null;
        }
        else
        {
            large.Histogram = Rent();
            rows.AddHistogram(large.Id, features, large.Histogram);
        }

        _timer?.Stop("histograms", start);
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
            Split? split = SplitFinder.Find(feature, _features[feature], part, leaf.State, _options, gradientUnit, hessianUnit, best?.Gain ?? 0);
            best = split ?? best;
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
