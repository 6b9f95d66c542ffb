using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>A category as what is known about the target in it: the smoothed mean, or per class the smoothed share.</summary>
/// <remarks>The training rows themselves are encoded out of fold (<see cref="TargetEncoding"/>): a row never sees its own answer.</remarks>
public sealed record TargetEncoder : FeatureEncoder
{
    /// <summary>Reads a column of kind Text.</summary>
    /// <param name="input">The column.</param>
    /// <param name="categories">The categories that have a number of their own, distinct, not empty.</param>
    /// <param name="statistics">What each feature is about (a class, or the target).</param>
    /// <param name="values">Per feature one number per category.</param>
    /// <param name="defaults">Per feature the number for a category that is not listed, and for a missing value.</param>
    public TargetEncoder(string input, IReadOnlyList<string> categories, IReadOnlyList<string> statistics, IReadOnlyList<float[]> values, IReadOnlyList<float> defaults)
        : base(input, ColumnKind.Text)
    {
        Categories = categories;
        Statistics = statistics;
        Values = values;
        Defaults = defaults;
    }

    /// <summary>The categories that have a number of their own.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>What each feature is about.</summary>
    public IReadOnlyList<string> Statistics { get; }

    /// <summary>Per feature one number per category.</summary>
    public IReadOnlyList<float[]> Values { get; }

    /// <summary>Per feature the number for anything else.</summary>
    public IReadOnlyList<float> Defaults { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Outputs => [.. Statistics.Select(s => new FeatureColumn($"{s} by {Input}"))];

    /// <inheritdoc/>
    public override void Encode(Column column, ReadOnlySpan<float[]> features)
    {
        for (int k = 0; k < features.Length; k++)
        {
            float[] values = Values[k];
            CategoryMap.Encode((TextColumn)column, Categories, i => values[i], Defaults[k], Defaults[k], features[k]);
        }
    }

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph) => graph.Concat(
        [.. Values.Select((values, k) => CategoryMap.Emit(graph, Input, Categories, i => values[i], Defaults[k], Defaults[k]))]);
}
