namespace Mlops.Core.Learning.Trees;

/// <summary>Adds up the leaf values of an ensemble over many rows.</summary>
/// <remarks>Rows are taken in blocks that stay in the first caches while every tree passes over them. Trees of up to 32 leaves go through
/// <see cref="BitvectorTree"/>, larger ones through <see cref="FlatTree"/> on a copy of the block by rows; the last rows of a block are walked one by one. The sums are those of
/// <see cref="TreeEnsemble.Raw"/>, bit for bit: one double per row and raw score, trees in order.</remarks>
internal sealed class TreeScorer
{
    private const int BlockRows = 256;
    private readonly IReadOnlyList<FeatureColumn> _features;
    private readonly (DecisionTree Tree, BitvectorTree? Small, FlatTree? Large)[] _trees;

    public TreeScorer(IReadOnlyList<DecisionTree> trees, IReadOnlyList<FeatureColumn> features)
    {
        _features = features;
        _trees = trees.Select(t => t.Leaves <= BitvectorTree.MaxLeaves
            ? (t, new BitvectorTree(t, features), (FlatTree?)null)
            : (t, null, FlatTree.TryCreate(t))).ToArray();
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
        float[] columns = _trees.Any(t => t.Small is not null) ? new float[BlockRows * x.Columns] : [];
        Span<int> leaves = stackalloc int[8];
        for (int block = 0; block < count; block += BlockRows)
        {
            int size = Math.Min(BlockRows, count - block);
            bool copied = false;
            for (int j = 0; columns.Length > 0 && j < x.Columns; j++)
            {
                x.Column(j).Slice(start + block, size).CopyTo(columns.AsSpan(j * BlockRows));
            }

            foreach ((DecisionTree tree, BitvectorTree? small, FlatTree? large) in _trees)
            {
                int fast = small is null && large is null ? 0 : size & ~7;
                if (!copied && (small is null || fast < size))
                {
                    rows ??= new float[BlockRows * x.Columns];
                    Transpose(x, start + block, size, rows);
                    copied = true;
                }

                for (int done = 0; done < fast; done += 8)
                {
                    if (small is not null)
                    {
                        small.Leaves(columns, BlockRows, done, leaves);
                    }
                    else
                    {
                        large!.Leaves(rows.AsSpan(done * x.Columns, 8 * x.Columns), x.Columns, leaves);
                    }

                    for (int lane = 0; lane < 8; lane++)
                    {
                        AddLeaf(tree, leaves[lane], width, raw.Slice((block + done + lane) * width, width));
                    }
                }

                for (int i = fast; i < size; i++)
                {
                    AddLeaf(tree, tree.Leaf(rows.AsSpan(i * x.Columns, x.Columns), _features), width, raw.Slice((block + i) * width, width));
                }
            }
        }
    }

    private static void AddLeaf(DecisionTree tree, int leaf, int width, Span<double> raw)
    {
        if (tree.Output >= 0)
        {
            raw[tree.Output] += tree.Values[leaf];
            return;
        }

        for (int k = 0; k < width; k++)
        {
            raw[k] += tree.Values[(leaf * width) + k];
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
}
