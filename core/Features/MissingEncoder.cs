using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>1 where the value is missing, else 0.</summary>
public sealed record MissingEncoder : FeatureEncoder
{
    /// <summary>Reads a column of any kind.</summary>
    public MissingEncoder(string input, ColumnKind kind)
        : base(input, kind)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Outputs => [new($"{Input} is missing")];

    /// <inheritdoc/>
    public override void Encode(Column column, ReadOnlySpan<float[]> features)
    {
        float[] missing = features[0];
        for (int i = 0; i < missing.Length; i++)
        {
            missing[i] = column.IsMissing(i) ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph) => graph.Cast(Missing(graph, Input, Kind), OnnxType.Float);

    /// <summary>Whether each value of an input is missing, as booleans [N, 1].</summary>
    internal static string Missing(OnnxGraph graph, string input, ColumnKind kind) => kind switch
    {
        ColumnKind.Number => graph.Node("IsNaN", [input]),
        ColumnKind.Text => graph.Cast(
            graph.MlNode(
                "LabelEncoder",
                [input],
                OnnxGraph.Attribute("keys_strings", [""]),
                OnnxGraph.Attribute("values_floats", [1f]),
                OnnxGraph.Attribute("default_float", 0f)),
            OnnxType.Bool),
        _ => graph.Node("Equal", [input, graph.Scalar(long.MinValue)]),
    };
}
