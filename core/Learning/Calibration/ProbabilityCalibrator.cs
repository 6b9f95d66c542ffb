using System.Text.Json.Serialization;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Learning.Calibration;

/// <summary>Corrects predicted probabilities so that they mean what they say. Part of a model, in C# and in ONNX.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "calibrator")]
[JsonDerivedType(typeof(PlattCalibrator), "platt")]
[JsonDerivedType(typeof(IsotonicCalibrator), "isotonic")]
public abstract record ProbabilityCalibrator
{
    private protected ProbabilityCalibrator()
    {
    }

    /// <summary>Corrects the probabilities of one row in place.</summary>
    public abstract void Apply(Span<float> probabilities);

    /// <summary>Corrects all rows.</summary>
    public Predictions Apply(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        float[] scores = predictions.Scores.ToArray();
        for (int i = 0; i < predictions.Rows; i++)
        {
            Apply(scores.AsSpan(i * predictions.Width, predictions.Width));
        }

        return new Predictions(scores, predictions.Width);
    }

    /// <summary>Adds nodes that do the same to probabilities [N, C] of double precision that were rounded to single.</summary>
    internal abstract string Emit(OnnxGraph graph, string probabilities);
}
