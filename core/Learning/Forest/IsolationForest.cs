using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Growing;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Forest;

/// <summary>Anomaly scores without labels: rows that random cuts isolate early are unusual (Liu, Ting and Zhou 2008).</summary>
/// <remarks>score = 2^(−E[h(x)] / c(ψ)), where h is the depth at which a tree isolates x, plus c(size) for a leaf of several rows, ψ the sample per tree and
/// c(n) = 2H(n − 1) − 2(n − 1)/n the mean depth of an unsuccessful search. Near 1: anomalous; well below 0.5: ordinary. The result is an ordinary
/// tree ensemble: leaves hold −ln 2 · h / c(ψ), averaged, link e^x. Missing values go with the larger side; a categorical column is cut into random halves.</remarks>
public static class IsolationForest
{
    /// <summary>Trains. O(trees · sample · log sample).</summary>
    /// <param name="x">The rows.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancellationToken">Stops between two trees.</param>
    public static TreeEnsemble Fit(FeatureMatrix x, IsolationForestOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (x.Rows == 0)
        {
            throw new ArgumentException("There is no row to learn from; expected at least one.", nameof(x));
        }

        DecisionTree[] trees = new DecisionTree[options.Trees];
        int sample = Math.Min(options.SampleRows, x.Rows);
        Parallel.For(0, trees.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken }, t =>
            trees[t] = new Tree(x, sample, Hash.Of((ulong)options.Seed, t)).Grow());
        return new TreeEnsemble { Features = x.Features, Trees = trees, BaseScores = [0], Link = Link.Exp, Average = true };
    }

    /// <summary>Mean depth of an unsuccessful search in a binary tree of n rows.</summary>
    internal static double MeanDepth(int n)
    {
        double harmonic = 0;
        for (int i = 1; i < n; i++)
        {
            harmonic += 1.0 / i;
        }

        return n <= 1 ? 0 : (2 * harmonic) - (2.0 * (n - 1) / n);
    }

    private sealed class Tree(FeatureMatrix x, int sample, ulong seed)
    {
        private readonly double _scale = -Math.Log(2) / Math.Max(MeanDepth(sample), 1);
        private readonly int _maxDepth = (int)Math.Ceiling(Math.Log2(Math.Max(sample, 2)));
        private ulong _state = seed;

        public DecisionTree Grow()
        {
            TreeBuilder tree = new();
            int[] rows = DrawRows();
            Stack<(int Node, int[] Rows, int Depth)> open = new();
            open.Push((tree.AddLeaf(rows.Length), rows, 0));
            while (open.TryPop(out (int Node, int[] Rows, int Depth) node))
            {
                if (node.Rows.Length <= 1 || node.Depth >= _maxDepth || !TryCut(tree, node.Node, node.Rows, out int[] left, out int[] right))
                {
                    tree.SetValue(node.Node, _scale * (node.Depth + MeanDepth(node.Rows.Length)));
                    continue;
                }

                int leftNode = tree.AddLeaf(left.Length);
                int rightNode = tree.AddLeaf(right.Length);
                tree.SetChildren(node.Node, leftNode, rightNode);
                open.Push((rightNode, right, node.Depth + 1));
                open.Push((leftNode, left, node.Depth + 1));
            }

            return tree.Build(0);
        }

        private ulong Next() => Hash.Mix(_state += 0x9E37_79B9_7F4A_7C15);

        private int Next(int below) => (int)((UInt128)Next() * (ulong)below >> 64);

        private int[] DrawRows()
        {
            if (sample == x.Rows)
            {
                return Enumerable.Range(0, x.Rows).ToArray();
            }

            // Floyd's sampling without replacement: one draw per row taken.
            HashSet<int> drawn = new(sample);
            for (int i = x.Rows - sample; i < x.Rows; i++)
            {
                int row = Next(i + 1);
                _ = drawn.Add(row) || drawn.Add(i);
            }

            return [.. drawn.Order()];
        }

        /// <summary>Draws columns until one has two values among the rows; false when none has.</summary>
        private bool TryCut(TreeBuilder tree, int node, int[] rows, out int[] left, out int[] right)
        {
            int start = Next(Math.Max(1, x.Columns));
            for (int j = 0; j < x.Columns; j++)
            {
                int feature = (start + j) % x.Columns;
                FeatureColumn column = x.Features[feature];
                bool IsPresent(int r) => column.IsCategorical ? x[r, feature] >= 0 && x[r, feature] < column.Cardinality : !float.IsNaN(x[r, feature]);
                float[] values = rows.Where(IsPresent).Select(r => x[r, feature]).Distinct().Order().ToArray();
                if (values.Length < 2)
                {
                    continue;
                }

                float threshold = 0;
                int[]? codes = null;
                if (column.IsCategorical)
                {
                    codes = values.Where(_ => Next(2) == 0).Select(v => (int)v).ToArray();
                    codes = codes.Length is 0 || codes.Length == values.Length ? [(int)values[Next(values.Length)]] : codes;
                }
                else
                {
                    threshold = Between(values[0], values[^1]);
                }

                bool Low(int r) => codes is null ? x[r, feature] <= threshold : Array.BinarySearch(codes, (int)x[r, feature]) >= 0;
                int[] present = rows.Where(IsPresent).ToArray();
                int[] absent = rows.Where(r => !IsPresent(r)).ToArray();
                left = present.Where(Low).ToArray();
                right = present.Where(r => !Low(r)).ToArray();
                bool missingLeft = codes is null && left.Length >= right.Length;
                left = missingLeft ? [.. left, .. absent] : left;
                right = missingLeft ? right : [.. right, .. absent];
                tree.SetCut(node, feature, threshold, codes, missingLeft);
                return true;
            }

            left = right = [];
            return false;
        }

        /// <summary>A uniform cut t with low ≤ t &lt; high.</summary>
        private float Between(float low, float high)
        {
            double from = Math.Max(low, float.MinValue);
            double to = Math.Min(high, float.MaxValue);
            float cut = (float)(from + (Hash.Unit(Next()) * (to - from)));
            return cut >= low && cut < high ? cut : low;
        }
    }
}
