namespace Mlops.Core.Learning.Trees;

/// <summary>One binary tree as parallel arrays over its nodes; node 0 is the root, children come after their parent. Data only.</summary>
/// <remarks>A numeric node sends x ≤ threshold left. A categorical node sends the codes of its set left. A missing value (NaN, or a
/// code outside the feature's range) goes where <see cref="MissingLeft"/> says.</remarks>
public sealed class DecisionTree
{
    /// <summary>Per node the feature's column, or −1 for a leaf.</summary>
    public required int[] Feature { get; init; }

    /// <summary>Per numeric node the threshold; 0 elsewhere.</summary>
    public required float[] Threshold { get; init; }

    /// <summary>Per node whether a missing value goes left.</summary>
    public required bool[] MissingLeft { get; init; }

    /// <summary>Per inner node the left child; −1 for a leaf.</summary>
    public required int[] Left { get; init; }

    /// <summary>Per inner node the right child; −1 for a leaf.</summary>
    public required int[] Right { get; init; }

    /// <summary>Per categorical node the codes that go left, ascending; null elsewhere.</summary>
    public required int[]?[] LeftCodes { get; init; }

    /// <summary>Per node <see cref="ValuesPerLeaf"/> raw scores, meaningful in leaves.</summary>
    public required float[] Values { get; init; }

    /// <summary>Per node the total weight of the training rows that reached it (for SHAP).</summary>
    public required float[] Cover { get; init; }

    /// <summary>Per inner node the gain of its split, ≥ 0 (for importance); 0 in leaves.</summary>
    public required float[] Gain { get; init; }

    /// <summary>The raw score that the leaf values add to, or −1 when each leaf holds a value for every raw score.</summary>
    public int Output { get; init; }

    /// <summary>Number of nodes.</summary>
    public int Nodes => Feature.Length;

    /// <summary>Values per node: 1, or the ensemble's width when <see cref="Output"/> is −1.</summary>
    public int ValuesPerLeaf => Values.Length / Feature.Length;

    /// <summary>Number of leaves.</summary>
    public int Leaves => (Nodes + 1) / 2;

    /// <summary>The leaf (node index) that a row reaches. O(depth).</summary>
    /// <param name="row">One value per feature column.</param>
    /// <param name="features">The columns' kinds, as trained.</param>
    public int Leaf(ReadOnlySpan<float> row, IReadOnlyList<FeatureColumn> features)
    {
        int node = 0;
        while (Feature[node] >= 0)
        {
            node = GoesLeft(node, row[Feature[node]], features) ? Left[node] : Right[node];
        }

        return node;
    }

    /// <summary>Whether inner node <paramref name="node"/> sends the value left.</summary>
    public bool GoesLeft(int node, float value, IReadOnlyList<FeatureColumn> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        int[]? codes = LeftCodes[node];
        if (codes is null)
        {
            return float.IsNaN(value) ? MissingLeft[node] : value <= Threshold[node];
        }

        int cardinality = features[Feature[node]].Cardinality;
        return value >= 0 && value < cardinality ? Array.BinarySearch(codes, (int)value) >= 0 : MissingLeft[node];
    }
}
