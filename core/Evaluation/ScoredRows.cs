using System.Globalization;
using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>The rows whose answer is known, beside what a model predicted for them.</summary>
internal sealed class ScoredRows
{
    private ScoredRows(LearningTask task, int[] rows, int[] classes, double[] answers, Predictions predictions)
    {
        Task = task;
        Rows = rows;
        Classes = classes;
        Answers = answers;
        Predictions = predictions;
    }

    public LearningTask Task { get; }

    /// <summary>Per kept row its position among all rows.</summary>
    public int[] Rows { get; }

    public int Count => Rows.Length;

    /// <summary>Per kept row the index of its class; empty for regression.</summary>
    public int[] Classes { get; }

    /// <summary>Per kept row the true number; empty for classification.</summary>
    public double[] Answers { get; }

    public Predictions Predictions { get; }

    /// <summary>Per kept row how much it counts: 1 unless weights were given.</summary>
    public required double[] Weights { get; init; }

    /// <summary>The scores of a kept row.</summary>
    public ReadOnlySpan<float> Scores(int i) => Predictions.Row(Rows[i]);

    /// <summary>Two classes: the probability of the second from which on it is predicted; null for the likelier one.</summary>
    public double? Threshold { get; init; }

    /// <summary>The predicted class of a kept row.</summary>
    public int Best(int i) => Labels.Of(Task.Kind, Scores(i), Threshold);

    /// <summary>The same for one class of a classification task.</summary>
    /// <exception cref="ArgumentException">The task has no such class, or <see cref="Of"/> refuses.</exception>
    public static ScoredRows OfClasses(LearningTask task, Column target, Predictions predictions, int classIndex, double? threshold = null, Column? weights = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Classifies && classIndex >= 0 && classIndex < task.Classes.Count
            ? Of(task, target, predictions, threshold, weights)
            : throw new ArgumentException($"The {task.Kind} task '{task.Target}' has {task.Classes.Count} classes; found class index {classIndex}.", nameof(classIndex));
    }

    /// <summary>Keeps the rows with an answer.</summary>
    /// <exception cref="ArgumentException">Lengths or widths differ, a target is not one of the task's, or a weight is missing or negative.</exception>
    public static ScoredRows Of(LearningTask task, Column target, Predictions predictions, double? threshold = null, Column? weights = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.Rows != target.Count)
        {
            throw new ArgumentException($"There are {predictions.Rows} predictions for {target.Count} rows of '{target.Name}'; expected one per row.", nameof(predictions));
        }

        if (predictions.Width != task.Width)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"There are {predictions.Width} scores per row; the task '{task.Target}' has {task.Width}. Align predictions of a model with other classes first."), nameof(predictions));
        }

        Targets targets = Targets.Of(task, target);
        double[] counts = weights is null ? [.. Enumerable.Repeat(1.0, targets.Rows.Length)] : RowWeights.Of(weights, targets.Rows);
        return new ScoredRows(task, targets.Rows, targets.Classes, targets.Answers, predictions) { Threshold = threshold ?? predictions.Threshold, Weights = counts };
    }
}
