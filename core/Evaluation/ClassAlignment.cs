using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Puts the scores of a model in the class order of a task, so that models with different classes can be compared.</summary>
public static class ClassAlignment
{
    /// <summary>Moves each class's probability to its place in the task; a class that the model does not know gets 0, one that the task does not know is dropped.</summary>
    public static Predictions Align(Predictions predictions, IReadOnlyList<string> classes, LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(task);
        if (task.Kind == TaskKind.Regression || classes.SequenceEqual(task.Classes, StringComparer.Ordinal))
        {
            return predictions;
        }

        int[] source = [.. task.Classes.Select(name => classes.ToList().IndexOf(name))];
        float[] scores = new float[predictions.Rows * task.Width];
        for (int row = 0; row < predictions.Rows; row++)
        {
            ReadOnlySpan<float> from = predictions.Row(row);
            for (int i = 0; i < source.Length; i++)
            {
                scores[(row * source.Length) + i] = source[i] < 0 ? 0 : from[source[i]];
            }
        }

        return new Predictions(scores, task.Width);
    }
}
