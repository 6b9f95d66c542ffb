using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Explanation;

/// <summary>A tree seen from its leaves: per leaf the features on its path, and what each must be to go there.</summary>
/// <remarks>Tests of one feature along a path merge: a numeric feature must lie in an interval (low, high], a categorical one must pass every test; missing values
/// follow all the nodes' directions or not. That leaves one condition per feature, which is what Shapley values are about.</remarks>
internal sealed class LeafPaths
{
    private readonly IReadOnlyList<FeatureColumn> _columns;
    private readonly DecisionTree _tree;

    public LeafPaths(DecisionTree tree, IReadOnlyList<FeatureColumn> columns)
    {
        _tree = tree;
        _columns = columns;
        List<Leaf> leaves = [];
        Stack<(int Node, Condition[] Path)> open = new();
        open.Push((0, []));
        while (open.TryPop(out (int Node, Condition[] Path) at))
        {
            int node = at.Node;
            if (tree.Feature[node] < 0)
            {
                leaves.Add(new Leaf(node, at.Path));
                continue;
            }

            open.Push((tree.Right[node], Extend(at.Path, node, false)));
            open.Push((tree.Left[node], Extend(at.Path, node, true)));
        }

        Leaves = [.. leaves];
        MaxFeatures = leaves.Max(l => l.Path.Length);
    }

    /// <summary>All leaves from left to right.</summary>
    public Leaf[] Leaves { get; }

    /// <summary>Most features on a path.</summary>
    public int MaxFeatures { get; }

    /// <summary>Whether the row's value of the condition's feature goes the way to the leaf.</summary>
    public bool Holds(in Condition condition, ReadOnlySpan<float> row)
    {
        float value = row[condition.Feature];
        if (condition.Codes is null)
        {
            return float.IsNaN(value) ? condition.Missing : value <= condition.High && !(value <= condition.Low);
        }

        foreach ((int node, bool left) in condition.Codes)
        {
            if (_tree.GoesLeft(node, value, _columns) != left)
            {
                return false;
            }
        }

        return true;
    }

    private Condition[] Extend(Condition[] path, int node, bool left)
    {
        int feature = _tree.Feature[node];
        int child = left ? _tree.Left[node] : _tree.Right[node];
        int at = Array.FindIndex(path, c => c.Feature == feature);
        Condition condition = at >= 0
            ? path[at]
            : new Condition(feature, float.NaN, float.PositiveInfinity, true, 1, null);
        double share = _tree.Cover[node] > 0 ? (double)_tree.Cover[child] / _tree.Cover[node] : 0;
        condition = condition with
        {
            Share = condition.Share * share,
            Missing = condition.Missing && _tree.MissingLeft[node] == left,
        };
        if (_tree.LeftCodes[node] is not null)
        {
            condition = condition with { Codes = [.. condition.Codes ?? [], (node, left)] };
        }
        else if (left)
        {
            condition = condition with { High = Math.Min(condition.High, _tree.Threshold[node]) };
        }
        else
        {
            // NaN is "no lower bound": nothing is ≤ NaN, not even −∞.
            float threshold = _tree.Threshold[node];
            condition = condition with { Low = float.IsNaN(condition.Low) ? threshold : Math.Max(condition.Low, threshold) };
        }

        Condition[] extended = at >= 0 ? [.. path] : [.. path, condition];
        extended[at >= 0 ? at : ^1] = condition;
        return extended;
    }

    /// <summary>A leaf and the conditions on its way.</summary>
    public readonly record struct Leaf(int Node, Condition[] Path);

    /// <summary>What one feature must be, and the share of the training rows that is (as far as they came this way): the product of cover ratios.</summary>
    public readonly record struct Condition(int Feature, float Low, float High, bool Missing, double Share, (int Node, bool Left)[]? Codes);
}
