using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Onnx;

/// <summary>Makes <see cref="DecisionTree"/>s of a tree operator's lists, node by node from the roots, without recursion: a hostile file may be deep.</summary>
internal sealed class OnnxTreeBuilder
{
    /// <summary>Codes of a feature that is compared by equality: every whole number that single precision holds exactly.</summary>
    public const int Codes = 1 << 24;

    /// <summary>Above this a comparison by equality is one of numbers: sets of codes are kept as bits.</summary>
    public const int MaxCode = 1 << 16;

    private readonly TreeAttributes _a;
    private readonly IReadOnlyList<FeatureColumn> _columns;
    private readonly int _width;
    private readonly Dictionary<(long Tree, long Node), int> _index = [];
    private readonly Dictionary<(long Tree, long Node), List<int>> _leafValues = [];
    private readonly Dictionary<long, int> _roots = [];
    private int _nodesLeft;

    public OnnxTreeBuilder(TreeAttributes attributes, IReadOnlyList<FeatureColumn> columns, int width, int maxNodes)
    {
        _a = attributes;
        _columns = columns;
        _width = width;
        _nodesLeft = maxNodes;
        for (int i = 0; i < _a.TreeIds.Length; i++)
        {
            if (!_index.TryAdd((_a.TreeIds[i], _a.NodeIds[i]), i))
            {
                throw new FormatException($"Tree {_a.TreeIds[i]} has two nodes {_a.NodeIds[i]}; expected distinct ones.");
            }

            _roots.TryAdd(_a.TreeIds[i], i);
        }

        for (int i = 0; i < _a.LeafTrees.Length; i++)
        {
            (long, long) key = (_a.LeafTrees[i], _a.LeafNodes[i]);
            if (!_leafValues.TryGetValue(key, out List<int>? values))
            {
                _leafValues.Add(key, values = []);
            }

            values.Add(i);
        }
    }

    /// <summary>The code that a threshold of equality stands for: a whole number as it is, one and a half more (as <see cref="TreeExport"/> writes) without the half.</summary>
    public static int? Code(float threshold)
    {
        float code = MathF.Floor(threshold);
        return code >= -1 && code < MaxCode && (threshold == code || threshold == code + TreeExport.CodeOffset) ? (int)code : null;
    }

    /// <summary>One tree; the operator's first node of a tree is its root.</summary>
    public DecisionTree Build(long tree)
    {
        List<Node> nodes = [];
        Stack<(Source Source, int Parent, bool Left)> todo = new();
        todo.Push((new Source(_roots[tree], null), -1, false));
        while (todo.TryPop(out (Source Source, int Parent, bool Left) next))
        {
            if (--_nodesLeft < 0)
            {
                throw new FormatException("The tree ensemble unfolds to too many nodes: shared or circular children.");
            }

            int at = nodes.Count;
            if (next.Parent >= 0)
            {
                nodes[next.Parent] = next.Left ? nodes[next.Parent] with { Left = at } : nodes[next.Parent] with { Right = at };
            }

            (Node node, Source? left, Source? right) = Read(tree, next.Source);
            nodes.Add(node);
            if (left is not null && right is not null)
            {
                todo.Push((right, at, false));
                todo.Push((left, at, true));
            }
        }

        return Pack(tree, nodes);
    }

    private (Node Node, Source? Left, Source? Right) Read(long tree, Source source)
    {
        int i = source.Node;
        float threshold = _a.Thresholds[i];
        bool missingTrue = i < _a.MissingTrue.Length && _a.MissingTrue[i] != 0;
        if (source.NotAbove is { } upper)
        {
            // The inner half of an equality with a number: x ≤ t is known, now x < t is false, the rest true.
            return (Inner(i, upper, !missingTrue), new Source(Child(tree, _a.WhenFalse[i]), null), new Source(Child(tree, _a.WhenTrue[i]), null));
        }

        if (_a.Modes[i] == "LEAF")
        {
            return (new Node(i, -1, 0, false, -1, -1, null), null, null);
        }

        if (_a.Sets[i] is { } set)
        {
            return (Categorical(i, set), new Source(Child(tree, _a.WhenFalse[i]), null), new Source(Child(tree, _a.WhenTrue[i]), null));
        }

        Source whenTrue = new(Child(tree, _a.WhenTrue[i]), null);
        Source whenFalse = new(Child(tree, _a.WhenFalse[i]), null);
        bool categorical = _columns[(int)_a.Features[i]].IsCategorical;
        return _a.Modes[i] switch
        {
            "BRANCH_LEQ" => (Inner(i, threshold, missingTrue), whenTrue, whenFalse),
            "BRANCH_LT" => (Inner(i, MathF.BitDecrement(threshold), missingTrue), whenTrue, whenFalse),
            "BRANCH_GT" => (Inner(i, threshold, !missingTrue), whenFalse, whenTrue),
            "BRANCH_GTE" => (Inner(i, MathF.BitDecrement(threshold), !missingTrue), whenFalse, whenTrue),
            "BRANCH_EQ" when categorical => Chain(tree, i),
            "BRANCH_NEQ" when categorical => (Categorical(i, [Code(threshold)!.Value]), whenFalse, whenTrue),
            "BRANCH_EQ" => (Inner(i, threshold, missingTrue), new Source(i, MathF.BitDecrement(threshold)), whenFalse),
            _ => throw new FormatException($"Tree {tree}, node {_a.NodeIds[i]}: found mode {_a.Modes[i]}, expected LEAF, BRANCH_LEQ, _LT, _GT, _GTE, _EQ, or _NEQ of a category."),
        };
    }

    /// <summary>Equalities of one feature whose true branches lead to one child are one split on a set.</summary>
    private (Node Node, Source? Left, Source? Right) Chain(long tree, int first)
    {
        SortedSet<int> codes = [Code(_a.Thresholds[first])!.Value];
        int last = first;
        while (true)
        {
            int next = Child(tree, _a.WhenFalse[last]);
            if (_a.Modes[next] != "BRANCH_EQ" || _a.Features[next] != _a.Features[first] || _a.WhenTrue[next] != _a.WhenTrue[first] || !codes.Add(Code(_a.Thresholds[next])!.Value))
            {
                return (Categorical(first, codes), new Source(Child(tree, _a.WhenTrue[first]), null), new Source(next, null));
            }

            last = next;
        }
    }

    private Node Inner(int i, float threshold, bool missingLeft) => new(i, (int)_a.Features[i], threshold, missingLeft, -1, -1, null);

    private Node Categorical(int i, IEnumerable<int> codes) => new(i, (int)_a.Features[i], 0, codes.Contains(-1), -1, -1, [.. codes.Where(c => c >= 0)]);

    private int Child(long tree, long node) => _index.TryGetValue((tree, node), out int index)
        ? index
        : throw new FormatException($"Tree {tree} leads to node {node}, which it does not have.");

    private DecisionTree Pack(long tree, List<Node> nodes)
    {
        int[] targets = [.. nodes.Where(n => n.Feature < 0).SelectMany(n => Values(tree, n)).Select(v => Target(v)).Distinct()];
        bool single = targets.Length <= 1;
        int perLeaf = single ? 1 : _width;
        float[] values = new float[checked(nodes.Count * perLeaf)];
        for (int n = 0; n < nodes.Count; n++)
        {
            foreach (int v in nodes[n].Feature < 0 ? Values(tree, nodes[n]) : [])
            {
                values[(n * perLeaf) + (single ? 0 : Target(v))] += _a.LeafWeights[v];
            }
        }

        return new DecisionTree
        {
            Feature = [.. nodes.Select(n => n.Feature)],
            Threshold = [.. nodes.Select(n => n.Threshold)],
            MissingLeft = [.. nodes.Select(n => n.MissingLeft)],
            Left = [.. nodes.Select(n => n.Left)],
            Right = [.. nodes.Select(n => n.Right)],
            LeftCodes = [.. nodes.Select(n => n.Codes)],
            Values = values,
            Cover = [.. nodes.Select(n => n.Source < _a.HitRates.Length ? _a.HitRates[n.Source] : 0)],
            Gain = new float[nodes.Count],
            Output = single ? targets.FirstOrDefault() : -1,
        };
    }

    private int Target(int value) => _width == 1 ? 0 : (int)_a.LeafTargets[value];

    private IReadOnlyList<int> Values(long tree, Node node) => _leafValues.TryGetValue((tree, _a.NodeIds[node.Source]), out List<int>? values) ? values : [];

    /// <summary>A node of the file, or the inner half of its equality.</summary>
    private sealed record Source(int Node, float? NotAbove);

    private sealed record Node(int Source, int Feature, float Threshold, bool MissingLeft, int Left, int Right, int[]? Codes);
}
