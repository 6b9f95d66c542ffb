namespace Mlops.Core.Learning.Onnx;

/// <summary>The same values in every row, as ONNX nodes.</summary>
internal static class ConstantRows
{
    /// <summary><paramref name="values"/> repeated for every row of <paramref name="rows"/>: [N, values] of double precision.</summary>
    public static string Emit(OnnxGraph graph, ReadOnlySpan<double> values, string rows)
    {
        string n = graph.Node("Gather", [graph.Node("Shape", [rows]), graph.Constant([0L], 1)], OnnxGraph.Attribute("axis", 0));
        string shape = graph.Node("Concat", [n, graph.Constant([(long)values.Length], 1)], OnnxGraph.Attribute("axis", 0));
        return graph.Node("Expand", [graph.Constant(values, 1, values.Length), shape]);
    }
}
