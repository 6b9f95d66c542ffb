using Mlops.Core.Data;

namespace Mlops.Core.Learning;

/// <summary>A trained model with its fitted features: predicts, explains itself and becomes ONNX. Immutable data.</summary>
public sealed class FittedModel
{
    /// <summary>What was learned.</summary>
    public LearningTask Task => throw new NotImplementedException();

    /// <summary>How it was trained.</summary>
    public CandidateSpec Spec => throw new NotImplementedException();

    /// <summary>The columns the model reads, by name.</summary>
    public IReadOnlyDictionary<string, ColumnKind> Inputs => throw new NotImplementedException();

    /// <summary>Share of each input column in the model's decisions, largest first; sums to 1, or is all 0.</summary>
    public IReadOnlyList<(string Feature, double Importance)> Importance => throw new NotImplementedException();

    /// <summary>Predictions for rows that have at least the columns of <see cref="Inputs"/>.</summary>
    public Predictions Predict(DataTable rows) => throw new NotImplementedException();

    /// <summary>The features and the model as one ONNX graph, byte for byte the same for the same model and metadata.</summary>
    /// <param name="metadata">Written into the model's metadata properties beside task, target, classes and trainer.</param>
    public byte[] ToOnnx(IReadOnlyDictionary<string, string> metadata) => throw new NotImplementedException();

    /// <summary>The model as JSON that <see cref="FromJson"/> reads back bit for bit.</summary>
    public string ToJson() => throw new NotImplementedException();

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not such a model.</exception>
    public static FittedModel FromJson(string json) => throw new NotImplementedException();
}
