using Mlops.Core.Learning.Linear;

namespace Mlops.Core.Learning.Onnx;

/// <summary>A linear model as ONNX nodes, computed in double precision; coefficients that half precision holds exactly are stored so.</summary>
internal static class LinearExport
{
    /// <summary>Raw scores [N, K] of double precision.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="model">The model.</param>
    /// <param name="features">The features [N, F] of single precision, or null when the model has none.</param>
    /// <param name="rows">A graph input that has N rows.</param>
    public static string Emit(OnnxGraph graph, LinearModel model, string? features, string rows)
    {
        if (features is null)
        {
            return ConstantRows.Emit(graph, model.Intercepts, rows);
        }

        int f = model.Features.Count;
        int k = model.Width;
        double[] weights = new double[f * k];
        for (int j = 0; j < f; j++)
        {
            for (int c = 0; c < k; c++)
            {
                weights[(j * k) + c] = model.Coefficients[c][j];
            }
        }

        string x = graph.Cast(features, OnnxType.Double);
        string known = graph.Node("Where", [graph.Node("IsNaN", [x]), graph.Constant(model.Means, 1, f), x]);
        return graph.Node("Add", [graph.Node("MatMul", [known, Weights(graph, weights, f, k)]), graph.Constant(model.Intercepts, 1, k)]);
    }

    private static string Weights(OnnxGraph graph, double[] weights, int features, int scores)
    {
        Half[] halves = [.. weights.Select(w => (Half)w)];
        for (int i = 0; i < halves.Length; i++)
        {
            if ((double)halves[i] != weights[i])
            {
                return graph.Constant(weights, features, scores);
            }
        }

        return graph.Cast(graph.Constant(halves, features, scores), OnnxType.Double);
    }
}
