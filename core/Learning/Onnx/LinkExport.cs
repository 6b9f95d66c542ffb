using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Onnx;

/// <summary>Links as ONNX nodes: raw scores of double precision [N, K] become predictions of double precision [N, outputs].</summary>
internal static class LinkExport
{
    public static string Emit(OnnxGraph graph, string raw, Link link)
    {
        switch (link)
        {
            case Link.Sigmoid:
                return graph.Concat([Sigmoid(graph, graph.Node("Neg", [raw])), Sigmoid(graph, raw)]);
            case Link.Probability:
                string p = graph.Node("Clip", [raw, graph.Scalar(0.0), graph.Scalar(1.0)]);
                return graph.Concat([graph.Node("Sub", [graph.Scalar(1.0), p]), p]);
            case Link.Softmax:
                return graph.Node("Softmax", [raw], OnnxGraph.Attribute("axis", 1));
            case Link.Exp:
                return graph.Node("Exp", [raw]);
            default:
                return raw;
        }
    }

    private static string Sigmoid(OnnxGraph graph, string score)
    {
        string exp = graph.Node("Exp", [graph.Node("Neg", [score])]);
        return graph.Node("Div", [graph.Scalar(1.0), graph.Node("Add", [graph.Scalar(1.0), exp])]);
    }
}
