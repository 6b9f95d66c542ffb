using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Serving;

/// <summary>What a model takes and gives: kept as JSON in the metadata of its ONNX file, so that the file alone says how to call it.</summary>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Target">The predicted column.</param>
/// <param name="Classes">The labels in the order of the probabilities; empty for regression.</param>
/// <param name="Inputs">The columns it takes, in order.</param>
public sealed record ModelSignature(TaskKind Task, string Target, IReadOnlyList<string> Classes, IReadOnlyList<InputColumn> Inputs)
{
    /// <summary>Columns of the training data that it does not use: they may come along in a row.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The key of the JSON in the ONNX metadata.</summary>
    public const string MetadataKey = "mlops.signature";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>From JSON.</summary>
    /// <exception cref="JsonException">It is not a signature.</exception>
    public static ModelSignature FromJson(string json) => JsonSerializer.Deserialize<ModelSignature>(json, Json) ?? throw new JsonException("The signature is null.");
}

/// <summary>One input of a model.</summary>
/// <param name="Name">The column's name, also that of the ONNX input.</param>
/// <param name="Kind">What its values are.</param>
public sealed record InputColumn(string Name, ColumnKind Kind);
