using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Makes predictions of models with different classes comparable.</summary>
public static class PredictionAlignment
{
    /// <summary>Class probabilities in another order of classes: a class that the model does not know gets 0, one that is no longer asked for is dropped. Without classes (regression) nothing changes.</summary>
    /// <param name="predictions">One probability per entry of <paramref name="from"/>.</param>
    /// <param name="from">The classes of the model.</param>
    /// <param name="to">The classes of the task.</param>
    public static Predictions Align(Predictions predictions, IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (from.SequenceEqual(to, StringComparer.Ordinal))
        {
            return predictions;
        }

        if (predictions.Width != from.Count)
        {
            throw new ArgumentException($"There are {predictions.Width} probabilities per row for {from.Count} classes; expected one per class.", nameof(predictions));
        }

        float[] scores = new float[predictions.Rows * to.Count];
        for (int c = 0; c < to.Count; c++)
        {
            int source = from.ToList().IndexOf(to[c]);
            for (int i = 0; source >= 0 && i < predictions.Rows; i++)
            {
                scores[(i * to.Count) + c] = predictions.Row(i)[source];
            }
        }

        return new Predictions(scores, to.Count);
    }
}
