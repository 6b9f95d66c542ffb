using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Core.Data;
using Mlops.Core.Features;
using Mlops.Core.Learning.Calibration;
using Mlops.Core.Learning.Explanation;
using Mlops.Core.Learning.Onnx;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning;

/// <summary>A trained model with its fitted features: predicts, explains itself and becomes ONNX. Immutable data.</summary>
public sealed class FittedModel
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly IReadOnlyList<FeatureImportance> _importance;

    internal FittedModel(
        LearningTask task,
        CandidateSpec spec,
        FeaturePipeline pipeline,
        Scorer scorer,
        IReadOnlyList<FeatureImportance> importance,
        ProbabilityCalibrator? calibrator = null,
        double? threshold = null)
    {
        Task = task;
        Spec = spec;
        Pipeline = pipeline;
        Scorer = scorer;
        Calibrator = calibrator;
        Threshold = threshold;
        _importance = importance;
    }

    /// <summary>What was learned.</summary>
    public LearningTask Task { get; }

    /// <summary>How it was trained.</summary>
    public CandidateSpec Spec { get; }

    /// <summary>The fitted features.</summary>
    public FeaturePipeline Pipeline { get; }

    /// <summary>What turns features into predictions.</summary>
    public Scorer Scorer { get; }

    /// <summary>What corrects the scorer's probabilities; null for nothing.</summary>
    public ProbabilityCalibrator? Calibrator { get; }

    /// <summary>Two classes: the probability of the second from which on it is the label; null for the likelier one. Anomalies: the score from which on a row is anomalous; null for never.</summary>
    public double? Threshold { get; }

    /// <summary>The columns the model reads, by name, in the order of the data; all of the task's features, whether or not they matter.</summary>
    public IReadOnlyDictionary<string, ColumnKind> Inputs => Pipeline.Inputs.ToDictionary(i => i.Name, i => i.Kind, StringComparer.Ordinal);

    /// <summary>Share of each input column in the model's decisions, largest first; sums to 1, or is all 0.</summary>
    public IReadOnlyList<(string Feature, double Importance)> Importance => [.. _importance.Select(i => (i.Feature, i.Importance))];

    /// <summary>Predictions for rows that have at least the columns of <see cref="Inputs"/>.</summary>
    /// <exception cref="ArgumentException">A column is absent, or holds what the model cannot read.</exception>
    public Predictions Predict(DataTable rows)
    {
        Predictions scores = Scorer.Predict(Pipeline.Transform(rows));
        Predictions told = Task.Offset is { } offset ? Add(scores, Offsets.Of(rows, offset)) : Calibrator is null ? scores : Calibrator.Apply(scores);
        return Threshold is null ? told : told.With(Threshold);
    }

    /// <summary>Exact Shapley values of the raw scores by column: a column's contribution is the sum over the features made of it.</summary>
    /// <remarks>Trees: path-dependent (<see cref="TreeShap"/>); linear models: features taken as independent (<see cref="LinearShap"/>). Before the calibrator and the offset.</remarks>
    /// <exception cref="ArgumentException">A column is absent, or holds what the model cannot read.</exception>
    public IReadOnlyList<RowExplanation> Explain(DataTable rows, int threads = 1, CancellationToken cancellationToken = default)
    {
        FeatureMatrix x = Pipeline.Transform(rows);
        ShapValues values = Scorer.Trees is { } trees ? TreeShap.Explain(trees, x, threads, cancellationToken) : LinearShap.Explain(Scorer.Linear!, x);
        IReadOnlyList<string> sources = Pipeline.Sources();
        List<RowExplanation> explanations = new(x.Rows);
        for (int i = 0; i < x.Rows; i++)
        {
            Dictionary<string, double[]> sums = Pipeline.Inputs.ToDictionary(input => input.Name, _ => new double[values.Width], StringComparer.Ordinal);
            for (int k = 0; k < values.Width && sources.Count > 0; k++)
            {
                ReadOnlySpan<double> row = values.Row(i, k);
                for (int j = 0; j < row.Length; j++)
                {
                    sums[sources[j]][k] += row[j];
                }
            }

            explanations.Add(new RowExplanation(values.Base, sums.ToDictionary(s => s.Key, s => (IReadOnlyList<double>)s.Value, StringComparer.Ordinal)));
        }

        return explanations;
    }

    /// <summary>The class index of a row's label: the likeliest, or by <see cref="Threshold"/>.</summary>
    public int Label(Predictions predictions, int row)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return Labels.Of(Task.Kind, predictions.Row(row), Threshold);
    }

    /// <summary>The same model with another decision threshold; the probabilities stay.</summary>
    /// <param name="threshold">0 … 2 (above 1: never the second class), or null.</param>
    /// <exception cref="InvalidOperationException">The task has neither two classes nor an anomaly score.</exception>
    public FittedModel WithThreshold(double? threshold)
    {
        if (Task.Kind is not (TaskKind.Binary or TaskKind.Anomaly))
        {
            throw new InvalidOperationException($"A decision threshold needs two classes or an anomaly score; '{Task.Target}' is {Task.Kind}.");
        }

        if (threshold is { } value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(threshold));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 2, nameof(threshold));
        }

        return new FittedModel(Task, Spec, Pipeline, Scorer, _importance, Calibrator, threshold);
    }

    /// <summary>The same model with another scorer of the same features.</summary>
    internal FittedModel With(Scorer scorer) => new(Task, Spec, Pipeline, scorer, _importance, Calibrator, Threshold);

    /// <summary>The features and the model as one ONNX graph, byte for byte the same for the same model and metadata.</summary>
    /// <param name="metadata">Written into the model's metadata properties beside <c>task</c>, <c>target</c>, <c>classes</c> (a JSON array), <c>features</c>
    /// (a JSON object from column to kind) and <c>trainer</c>; an entry of the same name replaces ours.</param>
    /// <remarks>Inputs are the columns by name, each [N, 1]: float (missing is NaN), int64 (missing is <see cref="long.MinValue"/>) or string (missing is
    /// empty). Outputs, in this order: <c>label</c> (string [N]) and <c>probabilities</c> (float [N, classes]), or <c>label</c> and <c>score</c> (float [N, 1]) for anomalies,
    /// or <c>prediction</c> (float [N, 1]). Where a
    /// column has the name of an output, underscores are appended to the output's.</remarks>
    public byte[] ToOnnx(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        OnnxGraph graph = Pipeline.StartGraph();
        string scores = graph.Cast(Scorer.Emit(graph, Pipeline.Emit(graph), Pipeline.Inputs[0].Name), OnnxType.Float);
        if (Calibrator is not null)
        {
            scores = graph.Cast(Calibrator.Emit(graph, graph.Cast(scores, OnnxType.Double)), OnnxType.Float);
        }

        if (Task.Offset is { } offset)
        {
            scores = graph.Node("Add", [scores, graph.Node("Where", [graph.Node("IsNaN", [offset]), graph.Scalar(0f), offset])]);
        }

        if (Task.Kind == TaskKind.Regression)
        {
            graph.Output(scores, "prediction", OnnxType.Float, 1);
        }
        else
        {
            graph.Output(graph.Node("Gather", [graph.Constant(Task.Classes), EmitLabel(graph, scores)], OnnxGraph.Attribute("axis", 0)), "label", OnnxType.String, null);
            graph.Output(scores, Task.Classifies ? "probabilities" : "score", OnnxType.Float, Task.Width);
        }

        Dictionary<string, string> all = new(StringComparer.Ordinal)
        {
            ["task"] = Task.Kind.ToString(),
            ["target"] = Task.Target,
            ["classes"] = JsonSerializer.Serialize(Task.Classes, Json),
            ["features"] = JsonSerializer.Serialize(Inputs, Json),
            ["trainer"] = Spec.Trainer,
        };
        foreach ((string key, string value) in metadata)
        {
            all[key] = value;
        }

        return graph.ToBytes(all);
    }

    private string EmitLabel(OnnxGraph graph, string scores)
    {
        // An anomaly score is at most 1: without a threshold no row reaches it.
        if ((Threshold ?? (Task.Kind == TaskKind.Anomaly ? 2 : null)) is not { } threshold)
        {
            return graph.Node("ArgMax", [scores], OnnxGraph.Attribute("axis", 1), OnnxGraph.Attribute("keepdims", 0));
        }

        string second = graph.Node("Gather", [scores, graph.Scalar(Task.Width - 1L)], OnnxGraph.Attribute("axis", 1));
        return graph.Cast(graph.Node("GreaterOrEqual", [second, graph.Scalar((float)threshold)]), OnnxType.Int64);
    }

    /// <summary>The model as JSON that <see cref="FromJson"/> reads back bit for bit.</summary>
    public string ToJson() => JsonSerializer.Serialize(new Stored(1, Task, Spec, Pipeline, Scorer, _importance, Calibrator, Threshold), Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not such a model.</exception>
    public static FittedModel FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            Stored stored = JsonSerializer.Deserialize<Stored>(json, Json) ?? throw new FormatException("Found null, expected a model.");
            if (stored.Format != 1)
            {
                throw new FormatException($"Found model format {stored.Format}, expected 1. Read the model with the version that wrote it.");
            }

            Check(stored);
            return new FittedModel(stored.Task, stored.Spec, stored.Pipeline, stored.Scorer, stored.Importance, stored.Calibrator, stored.Threshold);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or NotSupportedException or NullReferenceException or IndexOutOfRangeException or OverflowException or EndOfStreamException)
        {
            throw new FormatException($"The text is not a stored model: {error.Message}", error);
        }
    }

    /// <summary>Nothing that is read back may send a prediction out of its arrays or round in circles.</summary>
    private static void Check(Stored stored)
    {
        int features = stored.Pipeline.Outputs().Count;
        if (stored.Scorer.Features.Count != features || stored.Scorer.Outputs != stored.Task.Width || stored.Pipeline.Inputs.Count == 0)
        {
            throw new FormatException(
                $"The model has {stored.Scorer.Features.Count} features and {stored.Scorer.Outputs} scores; its pipeline of {stored.Pipeline.Inputs.Count} columns gives {features} and its task has {stored.Task.Width}.");
        }

        if (stored.Scorer.Trees is { } trees)
        {
            using MemoryStream bytes = new();
            using BinaryWriter writer = new(bytes);
            TreeEnsembleFormat.Write(writer, trees);
            bytes.Position = 0;
            using BinaryReader reader = new(bytes);
            TreeEnsembleFormat.Read(reader);
        }

        if (stored.Scorer.Linear is { } linear && (linear.Means.Length != features || linear.Coefficients.Length != linear.Width || linear.Coefficients.Any(c => c.Length != features)))
        {
            throw new FormatException($"The linear model's coefficients do not fit its {features} features and {linear.Width} scores.");
        }
    }

    private static Predictions Add(Predictions scores, float[] offsets)
    {
        float[] sums = scores.Scores.ToArray();
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += offsets[i];
        }

        return new Predictions(sums, 1);
    }

    private sealed record Stored(
        int Format,
        LearningTask Task,
        CandidateSpec Spec,
        FeaturePipeline Pipeline,
        Scorer Scorer,
        IReadOnlyList<FeatureImportance> Importance,
        ProbabilityCalibrator? Calibrator,
        double? Threshold);
}
