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

    /// <summary>Predictions of every row.</summary>
    /// <exception cref="ArgumentException">The matrix has another number of columns.</exception>
    public Predictions Predict(FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Columns != Features.Count)
        {
            throw new ArgumentException($"The matrix has {x.Columns} columns; the model was trained on {Features.Count}.", nameof(x));
        }

        float[] scores = new float[x.Rows * Outputs];
        float[] row = new float[x.Columns];
        double[] raw = new double[Width];
        for (int i = 0; i < x.Rows; i++)
        {
            x.CopyRow(i, row);
            Raw(row, raw);
            Links.Apply(Link, raw, scores.AsSpan(i * Outputs, Outputs));
        }

        return new Predictions(scores, Outputs);
    }
}
