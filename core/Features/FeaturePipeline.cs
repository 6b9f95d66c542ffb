using System.Globalization;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>A fitted pipeline from columns to features: data only, applied identically in training, in C# at serving and in ONNX.</summary>
/// <param name="Inputs">The columns, in the order of the data; one that carries no information is read by no encoder.</param>
/// <param name="Encoders">The steps, whose features stand side by side.</param>
public sealed record FeaturePipeline(IReadOnlyList<FeatureInput> Inputs, IReadOnlyList<FeatureEncoder> Encoders)
{
    /// <summary>Numbers of a table of features at most (rows × features): 2 GB.</summary>
    public const long MaxValues = 500_000_000;

    /// <summary>The features, in order.</summary>
    public IReadOnlyList<FeatureColumn> Outputs() => [.. Encoders.SelectMany(e => e.Outputs)];

    /// <summary>Per feature the column it comes from.</summary>
    public IReadOnlyList<string> Sources() => [.. Encoders.SelectMany(e => e.Outputs.Select(_ => e.Input))];

    /// <summary>Computes the features of rows. O(rows × features).</summary>
    /// <exception cref="ArgumentException">A column is absent, or holds what the pipeline cannot read, or there would be more than <see cref="MaxValues"/> numbers.</exception>
    public FeatureMatrix Transform(DataTable rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new FeatureMatrix(rows.RowCount, Outputs(), Encode(rows));
    }

    /// <summary>One array per feature.</summary>
    internal float[][] Encode(DataTable rows)
    {
        long width = Encoders.Sum(e => (long)e.Outputs.Count);
        if (width * rows.RowCount > MaxValues)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{rows.RowCount:N0} rows of {width:N0} features are {width * rows.RowCount:N0} numbers; expected at most {MaxValues:N0}, or memory would not suffice. Lower 'maxCategories' or 'textBuckets' of the trainer, or ignore columns."), nameof(rows));
        }

        Dictionary<string, Column> columns = Inputs.ToDictionary(i => i.Name, i => InputColumn.Read(rows, i), StringComparer.Ordinal);
        List<float[]> values = [];
        foreach (FeatureEncoder encoder in Encoders)
        {
            float[][] features = [.. encoder.Outputs.Select(_ => new float[rows.RowCount])];
            encoder.Encode(columns[encoder.Input], features);
            values.AddRange(features);
        }

        return [.. values];
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
