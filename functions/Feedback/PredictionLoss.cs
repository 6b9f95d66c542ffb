using System.Globalization;
using Mlops.Storage.Inference;

namespace Mlops.Functions.Feedback;

/// <summary>How wrong a prediction was, once its label is known.</summary>
internal static class PredictionLoss
{
    /// <summary>Classes: 1 when another was predicted than <paramref name="label"/>, 0 when the same, compared by value where both are numbers. Numbers: the absolute error;
    /// null for a label that is no number, which is one caller's mistake.</summary>
    public static double? Of(PredictionRecord prediction, string label)
    {
        if (prediction.Label is { } predicted)
        {
            return predicted == label || (TryNumber(predicted, out double first) && TryNumber(label, out double second) && first == second) ? 0 : 1;
        }

        return TryNumber(label, out double truth) ? Math.Abs(prediction.Scores[0] - truth) : null;
    }

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
