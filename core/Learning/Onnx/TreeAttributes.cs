using Mlops.Core.Learning.Onnx.Format;

namespace Mlops.Core.Learning.Onnx;

/// <summary>The attributes of a tree operator, checked for length.</summary>
internal sealed class TreeAttributes
{
    private readonly Dictionary<string, AttributeProto> _byName;

    /// <param name="node">The operator.</param>
    /// <param name="sets">What stands before the features in the tensor that it reads.</param>
    /// <exception cref="FormatException">An attribute is missing, or two lists that belong together differ in length.</exception>
    public TreeAttributes(NodeProto node, IReadOnlyList<MembershipReader.CodeSet> sets)
    {
        _byName = node.Attribute.GroupBy(a => a.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        Classifier = node.OpType == "TreeEnsembleClassifier";
        string leaf = Classifier ? "class" : "target";
        TreeIds = Ints("nodes_treeids");
        NodeIds = Ints("nodes_nodeids");
        Features = Ints("nodes_featureids");
        Thresholds = Floats("nodes_values");
        Modes = [.. (_byName.TryGetValue("nodes_modes", out AttributeProto? modes) ? modes.Strings : []).Select(m => m.ToStringUtf8())];
        WhenTrue = Ints("nodes_truenodeids");
        WhenFalse = Ints("nodes_falsenodeids");
        MissingTrue = Ints("nodes_missing_value_tracks_true");
        HitRates = Floats("nodes_hitrates");
        LeafTrees = Ints($"{leaf}_treeids");
        LeafNodes = Ints($"{leaf}_nodeids");
        LeafTargets = Ints($"{leaf}_ids");
        LeafWeights = Floats($"{leaf}_weights");
        BaseValues = Floats("base_values");
        Targets = (int)Math.Clamp(_byName.TryGetValue("n_targets", out AttributeProto? targets) ? targets.I : 1, 1, int.MaxValue);
        Classes = Math.Max(
            _byName.TryGetValue("classlabels_strings", out AttributeProto? strings) ? strings.Strings.Count : 0,
            _byName.TryGetValue("classlabels_int64s", out AttributeProto? numbers) ? numbers.Ints.Count : 0);
        Aggregate = Text("aggregate_function", "SUM");
        PostTransform = Text("post_transform", "NONE");
        Require(TreeIds.Length, (nameof(NodeIds), NodeIds.Length), (nameof(Features), Features.Length), (nameof(Thresholds), Thresholds.Length), (nameof(Modes), Modes.Length), (nameof(WhenTrue), WhenTrue.Length), (nameof(WhenFalse), WhenFalse.Length));
        Require(LeafTrees.Length, (nameof(LeafNodes), LeafNodes.Length), (nameof(LeafTargets), LeafTargets.Length), (nameof(LeafWeights), LeafWeights.Length));
        // Comparisons of such a column are splits on a set of codes; the others read the features behind them.
        Sets = new int[]?[Features.Length];
        for (int i = 0; i < Features.Length && sets.Count > 0; i++)
        {
            long column = Features[i];
            bool isSet = column >= 0 && column < sets.Count && Modes[i] == "BRANCH_LEQ" && Thresholds[i] is >= 0 and < 1;
            Features[i] = isSet ? sets[(int)column].Feature : Modes[i] == "LEAF" ? 0 : column - sets.Count;
            Sets[i] = isSet ? sets[(int)column].Codes : null;
        }

        if (TreeIds.Length == 0 || Aggregate is not ("SUM" or "AVERAGE"))
        {
            throw new FormatException($"The tree ensemble has {TreeIds.Length} nodes with single-precision thresholds and aggregate function {Aggregate}; expected at least one node and SUM or AVERAGE.");
        }
    }

    public bool Classifier { get; }

    public long[] TreeIds { get; }

    public long[] NodeIds { get; }

    public long[] Features { get; }

    /// <summary>Per node the codes that go to the false child, where the others and missing values go to the true one; null for comparisons of a feature.</summary>
    public int[]?[] Sets { get; }

    public float[] Thresholds { get; }

    public string[] Modes { get; }

    public long[] WhenTrue { get; }

    public long[] WhenFalse { get; }

    public long[] MissingTrue { get; }

    public float[] HitRates { get; }

    public long[] LeafTrees { get; }

    public long[] LeafNodes { get; }

    public long[] LeafTargets { get; }

    public float[] LeafWeights { get; }

    public float[] BaseValues { get; }

    public int Targets { get; }

    public int Classes { get; }

    public string Aggregate { get; }

    public string PostTransform { get; }

    /// <summary>Features compared by equality with codes, and in no other way.</summary>
    public int[] FeaturesComparedByEqualityOnly()
    {
        HashSet<long> equal = [];
        HashSet<long> other = [];
        for (int i = 0; i < Modes.Length; i++)
        {
            if (Modes[i] == "LEAF")
            {
                continue;
            }

            bool category = Sets[i] is not null || (Modes[i] is "BRANCH_EQ" or "BRANCH_NEQ" && OnnxTreeBuilder.Code(Thresholds[i]) is not null);
            (category ? equal : other).Add(Features[i]);
        }

        equal.ExceptWith(other);
        return [.. equal.Select(f => checked((int)f))];
    }

    private long[] Ints(string name) => _byName.TryGetValue(name, out AttributeProto? a) ? [.. a.Ints] : [];

    private float[] Floats(string name) => _byName.TryGetValue(name, out AttributeProto? a) ? [.. a.Floats] : [];

    private string Text(string name, string otherwise) => _byName.TryGetValue(name, out AttributeProto? a) ? a.S.ToStringUtf8() : otherwise;

    private static void Require(int length, params ReadOnlySpan<(string Name, int Length)> lists)
    {
        foreach ((string name, int found) in lists)
        {
            if (found != length)
            {
                throw new FormatException($"The tree ensemble's list of {name} has {found} entries; expected {length}, one per node or leaf value.");
            }
        }
    }
}
