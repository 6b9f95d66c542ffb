using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Tests.Learning;

/// <summary>The smallest tree ensemble of ONNX: 1 where the first feature is at most a half, else 2.</summary>
internal static class OnnxStump
{
    public static string Add(OnnxGraph graph, string features) => graph.MlNode(
        "TreeEnsembleRegressor",
        [features],
        OnnxGraph.Attribute("n_targets", 1),
        OnnxGraph.Attribute("nodes_treeids", [0L, 0, 0]),
        OnnxGraph.Attribute("nodes_nodeids", [0L, 1, 2]),
        OnnxGraph.Attribute("nodes_featureids", [0L, 0, 0]),
        OnnxGraph.Attribute("nodes_modes", ["BRANCH_LEQ", "LEAF", "LEAF"]),
        OnnxGraph.Attribute("nodes_values", [0.5f, 0, 0]),
        OnnxGraph.Attribute("nodes_truenodeids", [1L, 0, 0]),
        OnnxGraph.Attribute("nodes_falsenodeids", [2L, 0, 0]),
        OnnxGraph.Attribute("target_treeids", [0L, 0]),
        OnnxGraph.Attribute("target_nodeids", [1L, 2]),
        OnnxGraph.Attribute("target_ids", [0L, 0]),
        OnnxGraph.Attribute("target_weights", [1f, 2]));
}
