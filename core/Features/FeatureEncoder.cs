using System.Text.Json.Serialization;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>One fitted step: reads one column and gives one or more features. Data only; what it computes and the ONNX nodes that compute the same stand side by side.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "encoder")]
[JsonDerivedType(typeof(NumberEncoder), "number")]
[JsonDerivedType(typeof(MissingEncoder), "missing")]
[JsonDerivedType(typeof(CodeEncoder), "code")]
[JsonDerivedType(typeof(OneHotEncoder), "oneHot")]
[JsonDerivedType(typeof(TargetEncoder), "target")]
[JsonDerivedType(typeof(TimestampEncoder), "timestamp")]
[JsonDerivedType(typeof(TextHashEncoder), "textHash")]
public abstract record FeatureEncoder
{
    private protected FeatureEncoder(string input, ColumnKind kind)
    {
        Input = input;
        Kind = kind;
    }

    /// <summary>The column it reads.</summary>
    public string Input { get; }

    /// <summary>The kind of that column.</summary>
    public ColumnKind Kind { get; }

    /// <summary>The features it gives.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<FeatureColumn> Outputs { get; }

    /// <summary>Computes the features.</summary>
    /// <param name="column">The column, of kind <see cref="Kind"/>.</param>
    /// <param name="features">One array per output, as long as the column.</param>
    public abstract void Encode(Column column, ReadOnlySpan<float[]> features);

    /// <summary>Adds nodes that compute the features [N, outputs] of single precision from the input [N, 1].</summary>
    internal abstract string Emit(OnnxGraph graph);
}
