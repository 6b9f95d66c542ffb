using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>A date and time as some of its parts.</summary>
public sealed record TimestampEncoder : FeatureEncoder
{
    /// <summary>Reads a column of kind Timestamp.</summary>
    /// <param name="input">The column.</param>
    /// <param name="parts">The parts, one feature each.</param>
    /// <param name="scalings">Per part what is done to it.</param>
    public TimestampEncoder(string input, IReadOnlyList<TimestampPart> parts, IReadOnlyList<Scaling> scalings)
        : base(input, ColumnKind.Timestamp)
    {
        Parts = parts;
        Scalings = scalings;
    }

    /// <summary>The parts, one feature each.</summary>
    public IReadOnlyList<TimestampPart> Parts { get; }

    /// <summary>Per part what is done to it.</summary>
    public IReadOnlyList<Scaling> Scalings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Outputs => [.. Parts.Select(p => new FeatureColumn($"{Input}: {p}"))];

    /// <inheritdoc/>
    public override void Encode(Column column, ReadOnlySpan<float[]> features)
    {
        ReadOnlySpan<double> values = ((NumericColumn)column).Values;
        for (int p = 0; p < features.Length; p++)
        {
            for (int i = 0; i < values.Length; i++)
            {
                features[p][i] = Scalings[p].Apply(double.IsNaN(values[i]) ? double.NaN : Calendar.Part(Parts[p], (long)values[i]));
            }
        }
    }

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph)
    {
        string missing = MissingEncoder.Missing(graph, Input, Kind);
        string seconds = graph.Node("Where", [missing, graph.Scalar(0L), Input]);
        IReadOnlyList<string> parts = Calendar.Emit(graph, seconds, Parts);
        return graph.Concat([.. parts.Select((part, p) => Scalings[p].Emit(graph, part, missing))]);
    }
}
