using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>A fitted pipeline from columns to features: data only, applied identically in training, in C# at serving and in ONNX.</summary>
/// <param name="Inputs">The columns, in the order of the data; one that carries no information is read by no encoder.</param>
/// <param name="Encoders">The steps, whose features stand side by side.</param>
public sealed record FeaturePipeline(IReadOnlyList<FeatureInput> Inputs, IReadOnlyList<FeatureEncoder> Encoders)
{
    /// <summary>The features, in order.</summary>
    public IReadOnlyList<FeatureColumn> Outputs() => [.. Encoders.SelectMany(e => e.Outputs)];

    /// <summary>Per feature the column it comes from.</summary>
    public IReadOnlyList<string> Sources() => [.. Encoders.SelectMany(e => e.Outputs.Select(_ => e.Input))];

    /// <summary>Computes the features of rows. O(rows × features).</summary>
    /// <exception cref="ArgumentException">A column is absent, or holds what the pipeline cannot read.</exception>
    public FeatureMatrix Transform(DataTable rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Dictionary<string, Column> columns = Inputs.ToDictionary(i => i.Name, i => InputColumn.Read(rows, i), StringComparer.Ordinal);
        List<FeatureColumn> names = [];
        List<float[]> values = [];
        foreach (FeatureEncoder encoder in Encoders)
        {
            IReadOnlyList<FeatureColumn> outputs = encoder.Outputs;
            float[][] features = [.. outputs.Select(_ => new float[rows.RowCount])];
            encoder.Encode(columns[encoder.Input], features);
            names.AddRange(outputs);
            values.AddRange(features);
        }

        return new FeatureMatrix(rows.RowCount, names, [.. values]);
    }

    /// <summary>A graph with one input per column.</summary>
    internal OnnxGraph StartGraph() => new([.. Inputs.Select(i => (i.Name, i.Kind switch
    {
        ColumnKind.Number => OnnxType.Float,
        ColumnKind.Text => OnnxType.String,
        _ => OnnxType.Int64,
    }))]);

    /// <summary>Adds nodes that compute all features [N, F] of single precision; null when there are none.</summary>
    internal string? Emit(OnnxGraph graph) => Encoders.Count == 0 ? null : graph.Concat([.. Encoders.Select(e => e.Emit(graph))]);
}
