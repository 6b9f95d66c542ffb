namespace Mlops.Core.Learning.Trees;

/// <summary>Adds up the leaf values of an ensemble over many rows.</summary>
/// <remarks>Rows are taken in blocks that stay in the first caches while every tree passes over them. Trees of up to 32 leaves go through
/// <see cref="BitvectorTree"/>; larger ones, and the last rows of a block, are walked on a copy of the block by rows. The sums are those of
/// <see cref="TreeEnsemble.Raw"/>, bit for bit: one double per row and raw score, trees in order.</remarks>
internal sealed class TreeScorer
{
    private const int BlockRows = 256;
    private readonly IReadOnlyList<FeatureColumn> _features;
    private readonly (DecisionTree Tree, BitvectorTree? Fast)[] _trees;

    public TreeScorer(IReadOnlyList<DecisionTree> trees, IReadOnlyList<FeatureColumn> features)
    {
        _features = features;
        _trees = trees.Select(t => (t, t.Leaves <= BitvectorTree.MaxLeaves && t.Output >= 0 ? new BitvectorTree(t, features) : null)).ToArray();
    }

    /// <summary>Adds every tree's values to <paramref name="raw"/>, row-major with <paramref name="width"/> per row.</summary>
    /// <param name="x">The features.</param>
    /// <param name="start">First row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="width">Raw scores per row.</param>
    /// <param name="raw">IN and OUT. count · width sums.</param>
    public void Add(FeatureMatrix x, int start, int count, int width, Span<double> raw)
    {
        float[]? rows = null;
        Span<int> leaves = stackalloc int[8];
        for (int block = 0; block < count; block += BlockRows)
        {
            int size = Math.Min(BlockRows, count - block);
            bool copied = false;
            foreach ((DecisionTree tree, BitvectorTree? fast) in _trees)
            {
                int done = 0;
                for (; fast is not null && done <= size - 8; done += 8)
                {
                    fast.Leaves(x, start + block + done, leaves);
                    for (int lane = 0; lane < 8; lane++)
                    {
                        raw[((block + done + lane) * width) + tree.Output] += tree.Values[leaves[lane]];
                    }
                }

                if (done == size)
                {
                    continue;
                }

                rows ??= new float[BlockRows * x.Columns];
                if (!copied)
                {
                    Transpose(x, start + block, size, rows);
                    copied = true;
                }

                Walk(tree, rows, x.Columns, done, size, width, raw[(block * width)..]);
            }
        }
    }

    private static void Transpose(FeatureMatrix x, int start, int size, float[] rows)
    {
        int columns = x.Columns;
        for (int j = 0; j < columns; j++)
        {
            ReadOnlySpan<float> column = x.Column(j).Slice(start, size);
            for (int i = 0; i < size; i++)
            {
                rows[(i * columns) + j] = column[i];
            }
        }
    }

    private void Walk(DecisionTree tree, float[] rows, int columns, int from, int to, int width, Span<double> raw)
    {
        int[] feature = tree.Feature;
        float[] threshold = tree.Threshold;
        int[] left = tree.Left;
        int[] right = tree.Right;
        for (int i = from; i < to; i++)
        {
            ReadOnlySpan<float> row = rows.AsSpan(i * columns, columns);
            int node = 0;
            for (int f = feature[0]; f >= 0; f = feature[node])
            {
                float value = row[f];
                bool goesLeft = tree.LeftCodes[node] is null && !float.IsNaN(value) ? value <= threshold[node] : tree.GoesLeft(node, value, _features);
                node = goesLeft ? left[node] : right[node];
            }

            if (tree.Output >= 0)
            {
                raw[(i * width) + tree.Output] += tree.Values[node];
                continue;
            }

            for (int k = 0; k < width; k++)
            {
                raw[(i * width) + k] += tree.Values[(node * width) + k];
            }
        }
    }
}
