using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Forecasting;

namespace Mlops.Core.Serving;

/// <summary>What a model takes and gives: kept as JSON in the metadata of its ONNX file, so that the file alone says how to call it.</summary>
/// <param name="Task">The kind of prediction.</param>
/// <param name="Target">The predicted column.</param>
/// <param name="Classes">The labels in the order of the probabilities (anomalies: ordinary, anomalous); empty for regression.</param>
/// <param name="Inputs">The columns it takes, in order.</param>
public sealed record ModelSignature(TaskKind Task, string Target, IReadOnlyList<string> Classes, IReadOnlyList<InputColumn> Inputs)
{
    /// <summary>Columns of the training data that it does not use: they may come along in a row.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Two classes: the probability of the second from which on it is the label; null for the likelier one. Anomalies: the score from which on a row is anomalous.</summary>
    public double? Threshold { get; init; }

    /// <summary>The column that said how much each training row counts; null when every row did.</summary>
    public string? Weight { get; init; }

    /// <summary>How a series becomes the inputs; null when a row is asked about as it is.</summary>
    public ForecastPlan? Forecast { get; init; }

    /// <summary>How far off forecasts are; null for other tasks, and for versions that did not measure it.</summary>
    public ForecastIntervals? Intervals { get; init; }

    /// <summary>Scores per row.</summary>
    [JsonIgnore]
    public int Width => Task is TaskKind.Binary or TaskKind.MultiClass ? Math.Max(1, Classes.Count) : 1;

    /// <summary>The columns of a row as a caller sends it: the inputs, or for a forecast the time, the series and the known value.</summary>
    [JsonIgnore]
    public IReadOnlyList<InputColumn> Asked => Forecast is not { } plan
        ? Inputs
        :
        [
            new InputColumn(plan.Time, ColumnKind.Timestamp),
            .. plan.Series is null ? Array.Empty<InputColumn>() : [new InputColumn(plan.Series, ColumnKind.Text)],
            new InputColumn(plan.Target, ColumnKind.Number),
        ];

    /// <summary>The label of a row with these scores; null for a number.</summary>
    public string? Label(ReadOnlySpan<float> scores) => Classes.Count == 0 ? null : Classes[Labels.Of(Task, scores, Threshold)];

    /// <summary>The key of the JSON in the ONNX metadata.</summary>
    public const string MetadataKey = "mlops.signature";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

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
