using Mlops.Core.Learning.Onnx.Format;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Onnx;

/// <summary>A tree ensemble as one <c>TreeEnsembleRegressor</c> (ai.onnx.ml 3) that gives the sums of leaf values, plus nodes for scale and base scores.</summary>
/// <remarks>Numeric nodes are <c>BRANCH_LEQ</c>; a NaN follows <c>nodes_missing_value_tracks_true</c>. A categorical node compares one of the <see cref="MembershipColumns"/>,
/// which stand before the features; where there are too many sets for that, it becomes a chain of <c>BRANCH_EQ</c> over the smaller side of the split, all of whose true branches lead to the same child; a missing code is −1 there,
/// as the encoder writes it, and codes come most frequent first, so that most rows leave the chain early. Codes are moved by ½ on both sides of the comparison:
/// ONNX Runtime merges equalities with small whole numbers into bit sets, and was seen (1.30.0) to send rows the wrong way where one chain follows another. Trees of one leaf are folded into the base scores. <c>nodes_hitrates</c> holds the cover, so that
/// path-dependent SHAP values can be computed from the file alone.</remarks>
internal static class TreeExport
{
    /// <summary>What is added to a code on both sides of a comparison: exact in single precision for codes below 2²².</summary>
    public const float CodeOffset = 0.5f;

    private const float MissingCode = -1;

    /// <summary>Raw scores [N, K] of double precision.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="ensemble">The trees.</param>
    /// <param name="features">The features [N, F] of single precision, or null when there are none.</param>
    /// <param name="rows">A graph input that has N rows.</param>
    public static string Emit(OnnxGraph graph, TreeEnsemble ensemble, string? features, string rows)
    {
        double[] bases = [.. ensemble.BaseScores];
        MembershipColumns sets = MembershipColumns.Of(ensemble);
        TreeNodes nodes = new(sets);
        foreach (DecisionTree tree in ensemble.Trees)
        {
            if (tree.Feature[0] < 0)
            {
                AddConstant(tree, bases, ensemble.Scale);
            }
            else
            {
                nodes.Add(tree, ensemble.Features);
            }
        }

        if (nodes.Trees == 0 || features is null)
        {
            return ConstantRows.Emit(graph, bases, rows);
        }

        float[] offsets = [.. ensemble.Features.Select(f => f.IsCategorical ? CodeOffset : 0)];
        string plain = nodes.HasChains ? graph.Node("Add", [features, graph.Constant(offsets, 1, offsets.Length)]) : features;
        string x = graph.Concat([.. sets.Emit(graph, features), plain]);
        string sums = graph.Cast(graph.MlNode("TreeEnsembleRegressor", [x], nodes.Attributes(ensemble.Width)), OnnxType.Double);
        string scaled = ensemble.Scale == 1 ? sums : graph.Node("Mul", [sums, graph.Scalar(ensemble.Scale)]);
        return graph.Node("Add", [scaled, graph.Constant(bases, 1, bases.Length)]);
    }

    private static void AddConstant(DecisionTree tree, double[] bases, double scale)
    {
        for (int v = 0; v < tree.ValuesPerLeaf; v++)
        {
            bases[tree.Output < 0 ? v : tree.Output] += tree.Values[v] * scale;
        }
    }

    /// <summary>The parallel lists of the operator's attributes.</summary>
    private sealed class TreeNodes(MembershipColumns sets)
    {
        private readonly List<long> _trees = [];
        private readonly List<long> _ids = [];
        private readonly List<long> _features = [];
        private readonly List<float> _thresholds = [];
        private readonly List<string> _modes = [];
        private readonly List<long> _true = [];
        private readonly List<long> _false = [];
        private readonly List<long> _missingTrue = [];
        private readonly List<float> _covers = [];
        private readonly List<long> _leafTrees = [];
        private readonly List<long> _leafNodes = [];
        private readonly List<long> _leafTargets = [];
        private readonly List<float> _leafWeights = [];

        public int Trees { get; private set; }

        /// <summary>Whether a split compares codes, one after the other.</summary>
        public bool HasChains { get; private set; }

        public void Add(DecisionTree tree, IReadOnlyList<FeatureColumn> features)
        {
            (float[]? Codes, bool CodesGoLeft)[] chains = new (float[]?, bool)[tree.Nodes];
            int[] first = new int[tree.Nodes];
            int next = 0;
            for (int i = 0; i < tree.Nodes; i++)
            {
                first[i] = next;
                if (tree.Feature[i] >= 0 && tree.LeftCodes[i] is { } codes && sets.Of(tree, i) is null)
                {
                    HasChains = true;
                    chains[i] = Chain(codes, tree.MissingLeft[i], features[tree.Feature[i]].Cardinality);
                    next += chains[i].Codes!.Length;
                }
                else
                {
                    next++;
                }
            }

            for (int i = 0; i < tree.Nodes; i++)
            {
                if (tree.Feature[i] < 0)
                {
                    AddNode(first[i], 0, 0, "LEAF", 0, 0, false, tree.Cover[i]);
                    AddLeaf(tree, i, first[i]);
                }
                else if (chains[i].Codes is { } codes)
                {
                    int hit = first[chains[i].CodesGoLeft ? tree.Left[i] : tree.Right[i]];
                    int other = first[chains[i].CodesGoLeft ? tree.Right[i] : tree.Left[i]];
                    for (int c = 0; c < codes.Length; c++)
                    {
                        int id = first[i] + c;
                        AddNode(id, sets.Count + tree.Feature[i], codes[c] + CodeOffset, "BRANCH_EQ", hit, c == codes.Length - 1 ? other : id + 1, false, tree.Cover[i]);
                    }
                }
                else if (tree.LeftCodes[i] is not null)
                {
                    // 0 goes where a missing value goes.
                    (int zero, int one) = tree.MissingLeft[i] ? (tree.Left[i], tree.Right[i]) : (tree.Right[i], tree.Left[i]);
                    AddNode(first[i], sets.Of(tree, i)!.Value, MembershipColumns.Threshold, "BRANCH_LEQ", first[zero], first[one], false, tree.Cover[i]);
                }
                else
                {
                    AddNode(first[i], sets.Count + tree.Feature[i], tree.Threshold[i], "BRANCH_LEQ", first[tree.Left[i]], first[tree.Right[i]], tree.MissingLeft[i], tree.Cover[i]);
                }
            }

            Trees++;
        }

        public AttributeProto[] Attributes(int targets) =>
        [
            OnnxGraph.Attribute("n_targets", targets),
            OnnxGraph.Attribute("nodes_treeids", _trees),
            OnnxGraph.Attribute("nodes_nodeids", _ids),
            OnnxGraph.Attribute("nodes_featureids", _features),
            OnnxGraph.Attribute("nodes_modes", _modes),
            OnnxGraph.Attribute("nodes_values", _thresholds),
            OnnxGraph.Attribute("nodes_truenodeids", _true),
            OnnxGraph.Attribute("nodes_falsenodeids", _false),
            OnnxGraph.Attribute("nodes_missing_value_tracks_true", _missingTrue),
            OnnxGraph.Attribute("nodes_hitrates", _covers),
            OnnxGraph.Attribute("target_treeids", _leafTrees),
            OnnxGraph.Attribute("target_nodeids", _leafNodes),
            OnnxGraph.Attribute("target_ids", _leafTargets),
            OnnxGraph.Attribute("target_weights", _leafWeights),
        ];

        private static (float[] Codes, bool GoLeft) Chain(int[] left, bool missingLeft, int cardinality)
        {
            bool[] goesLeft = new bool[cardinality];
            foreach (int code in left)
            {
                goesLeft[code] = true;
            }

            List<float> leftCodes = missingLeft ? [MissingCode] : [];
            List<float> rightCodes = missingLeft ? [] : [MissingCode];
            for (int code = 0; code < cardinality; code++)
            {
                (goesLeft[code] ? leftCodes : rightCodes).Add(code);
            }

            return rightCodes.Count == 0 || (leftCodes.Count > 0 && leftCodes.Count <= rightCodes.Count)
                ? ([.. leftCodes], true)
                : ([.. rightCodes], false);
        }

        private void AddNode(long id, long feature, float threshold, string mode, long whenTrue, long whenFalse, bool missingTrue, float cover)
        {
            _trees.Add(Trees);
            _ids.Add(id);
            _features.Add(feature);
            _thresholds.Add(threshold);
            _modes.Add(mode);
            _true.Add(whenTrue);
            _false.Add(whenFalse);
            _missingTrue.Add(missingTrue ? 1 : 0);
            _covers.Add(cover);
        }

        private void AddLeaf(DecisionTree tree, int node, long id)
        {
            for (int v = 0; v < tree.ValuesPerLeaf; v++)
            {
                _leafTrees.Add(Trees);
                _leafNodes.Add(id);
                _leafTargets.Add(tree.Output < 0 ? v : tree.Output);
                _leafWeights.Add(tree.Values[(node * tree.ValuesPerLeaf) + v]);
            }
        }
    }
}
