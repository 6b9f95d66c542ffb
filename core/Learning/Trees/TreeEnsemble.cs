namespace Mlops.Core.Learning.Trees;

/// <summary>Trees whose leaf values add up (boosting) or average (forest) to raw scores, and the link that makes predictions of them. Data only.</summary>
/// <remarks>raw[k] = BaseScores[k] + Scale · Σ over trees of the reached leaf's value for k, Scale being 1, or 1 / trees for an average.</remarks>
public sealed class TreeEnsemble
{
    /// <summary>The columns the trees were trained on, in order.</summary>
    public required IReadOnlyList<FeatureColumn> Features { get; init; }

    /// <summary>The trees in training order.</summary>
    public required IReadOnlyList<DecisionTree> Trees { get; init; }

    /// <summary>What the raw scores start from; its length is <see cref="Width"/>.</summary>
    public required double[] BaseScores { get; init; }

    /// <summary>How raw scores become predictions.</summary>
    public required Link Link { get; init; }

    /// <summary>Whether the trees' values are averaged instead of added.</summary>
    public bool Average { get; init; }

    /// <summary>Raw scores per row: 1, or one per class.</summary>
    public int Width => BaseScores.Length;

    /// <summary>Predictions per row: one per class, or 1 for regression.</summary>
    public int Outputs => Links.Outputs(Link, Width);

    /// <summary>What a tree's leaf values are multiplied by.</summary>
    public double Scale => Average && Trees.Count > 0 ? 1.0 / Trees.Count : 1.0;

    /// <summary>Raw scores of one row, before the link; sums in double precision.</summary>
    public void Raw(ReadOnlySpan<float> row, Span<double> raw)
    {
        raw[..Width].Clear();
        foreach (DecisionTree tree in Trees)
        {
            int leaf = tree.Leaf(row, Features);
            if (tree.Output >= 0)
            {
                raw[tree.Output] += tree.Values[leaf];
                continue;
            }

            for (int k = 0; k < Width; k++)
            {
                raw[k] += tree.Values[(leaf * Width) + k];
            }
        }

        for (int k = 0; k < Width; k++)
        {
            raw[k] = BaseScores[k] + (raw[k] * Scale);
        }
    }

    private TreeScorer? _scorer;

    /// <summary>Predictions of every row. The first call prepares the trees for fast scoring; later and concurrent calls share that.</summary>
    /// <exception cref="ArgumentException">The matrix has another number of columns.</exception>
    public Predictions Predict(FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Columns != Features.Count)
        {
            throw new ArgumentException($"The matrix has {x.Columns} columns; the model was trained on {Features.Count}.", nameof(x));
        }

        _scorer ??= new TreeScorer(Trees, Features);
        float[] scores = new float[x.Rows * Outputs];
        const int chunk = 4096;
        double[] raw = new double[Math.Min(chunk, x.Rows) * Width];
        for (int start = 0; start < x.Rows; start += chunk)
        {
            int count = Math.Min(chunk, x.Rows - start);
            Span<double> sums = raw.AsSpan(0, count * Width);
            sums.Clear();
            _scorer.Add(x, start, count, Width, sums);
            for (int i = 0; i < count; i++)
            {
                Span<double> row = sums.Slice(i * Width, Width);
                for (int k = 0; k < Width; k++)
                {
                    row[k] = BaseScores[k] + (row[k] * Scale);
                }

                Links.Apply(Link, row, scores.AsSpan((start + i) * Outputs, Outputs));
            }
        }

        return new Predictions(scores, Outputs);
    }
}
