using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>A number, scaled or as it is, in single precision.</summary>
public sealed record NumberEncoder : FeatureEncoder
{
    /// <summary>Reads a column of kind Number or Integer.</summary>
    public NumberEncoder(string input, ColumnKind kind, Scaling scaling)
        : base(input, kind) => Scaling = scaling;

    /// <summary>What is done to the number.</summary>
    public Scaling Scaling { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Outputs => [new(Input)];

    /// <inheritdoc/>
    public override void Encode(Column column, ReadOnlySpan<float[]> features)
    {
        ReadOnlySpan<double> values = ((NumericColumn)column).Values;
        float[] feature = features[0];

        // The ONNX input of a Number is single precision: the scaling must start from that, or the two differ.
        bool single = Kind == ColumnKind.Number;
        for (int i = 0; i < feature.Length; i++)
        {
            feature[i] = Scaling.Apply(single ? (float)values[i] : values[i]);
        }
    }

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph) =>
        Kind == ColumnKind.Number && Scaling == Scaling.None
            ? Input
            : Scaling.Emit(graph, graph.Cast(Input, OnnxType.Double), MissingEncoder.Missing(graph, Input, Kind));
}
