using Mlops.Core.Traffic;
using Mlops.Functions.Feedback;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;

namespace Mlops.Functions.Deployment;

/// <summary>How good the predictions of two versions were, from the labels that came in.</summary>
public sealed class CanaryQuality(FeedbackStore feedback, PredictionLog predictions)
{
    /// <summary>Labelled answers of both versions to requests since <paramref name="since"/>, errors of numbers counted up to <paramref name="largestLoss"/>. An hour without labels costs one query, one with labels its prediction log.</summary>
    public async Task<(LabelledAnswers Stable, LabelledAnswers Canary)> ReadAsync(string model, int stable, int canary, double largestLoss, DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken)
    {
        (LabelledAnswers ofStable, LabelledAnswers ofCanary) = (LabelledAnswers.None, LabelledAnswers.None);
        for (DateTimeOffset hour = PredictionId.HourOf(since); hour <= now; hour = hour.AddHours(1))
        {
            Dictionary<string, string> labels = new(await feedback.ReadAsync(model, hour, hour, cancellationToken), StringComparer.Ordinal);
            if (labels.Count == 0)
            {
                continue;
            }

            await foreach (PredictionRecord prediction in predictions.ReadAsync(model, since > hour ? since : hour, hour.AddHours(1).AddTicks(-1), cancellationToken))
            {
                // Taken out, so that a line that was logged twice counts once.
                if ((prediction.Version == stable || prediction.Version == canary) && labels.Remove(prediction.Id, out string? label))
                {
                    (ofStable, ofCanary) = prediction.Version == stable ? (Add(ofStable, prediction, label, largestLoss), ofCanary) : (ofStable, Add(ofCanary, prediction, label, largestLoss));
                }
            }
        }

        return (ofStable, ofCanary);
    }

    private static LabelledAnswers Add(LabelledAnswers answers, PredictionRecord prediction, string label, double largestLoss) =>
        PredictionLoss.Of(prediction, label) is not { } loss ? answers : prediction.Label is null ? answers.AddNumber(loss, largestLoss) : answers.AddClass(wrong: loss > 0);
}
