using Mlops.Core.Features;
using Mlops.Core.Learning.Boosting.Losses;
using Mlops.Core.Learning.Linear;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Trainers;

/// <summary>Predicts the mean (or the quantile that is asked for), or the classes' shares with half a row added to each: what every model must beat.</summary>
/// <remarks>The half row (Jeffreys' prior) gives a class that a fold lacks a small probability instead of none.</remarks>
internal sealed class BaselineKind : TrainerKind
{
    private const double PriorRows = 0.5;

    /// <inheritdoc/>
    public override string Name => "baseline";

    /// <inheritdoc/>
    public override string Description => "Predicts the mean (or the quantile that is asked for), or the shares of the classes, whatever the row: what every model must beat.";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainerParameter> Parameters => [];

    /// <inheritdoc/>
    public override bool Learns(LearningTask task) => true;

    /// <inheritdoc/>
    public override bool KeepsMonotone => true;

    /// <inheritdoc/>
    public override FeatureOptions? Features(TrainerSettings settings) => null;

    /// <inheritdoc/>
    public override Scorer Fit(TrainingInput input, CancellationToken cancellationToken) => new(Model(input.Task, input.Set.Y, input.Set.Weights));

    /// <summary>The baseline of some answers, each with its weight, or 1 without weights.</summary>
    public static LinearModel Model(LearningTask task, ReadOnlySpan<float> answers, ReadOnlySpan<float> weights)
    {
        double[] intercepts = task.Kind switch
        {
            TaskKind.Regression when task.Quantile is { } quantile => [WeightedQuantile.Of(answers.ToArray(), weights.IsEmpty ? null : weights.ToArray(), quantile)],
            TaskKind.Regression => [Mean(answers, weights)],
            TaskKind.Anomaly => [Math.Log(0.5)],
            TaskKind.Binary => [LogShare(answers, weights, 1) - LogShare(answers, weights, 0)],
            _ => Enumerable.Range(0, task.Classes.Count).Select(c => 0.0).ToArray(),
        };

        if (task.Kind == TaskKind.MultiClass)
        {
            for (int c = 0; c < intercepts.Length; c++)
            {
                intercepts[c] = LogShare(answers, weights, c);
            }
        }

        return new LinearModel
        {
            Features = [],
            Coefficients = [.. intercepts.Select(_ => Array.Empty<double>())],
            Intercepts = intercepts,
            Means = [],
            Link = task.Kind switch { TaskKind.Regression => Link.Identity, TaskKind.Anomaly => Link.Exp, TaskKind.Binary => Link.Sigmoid, _ => Link.Softmax },
        };
    }

    private static double Mean(ReadOnlySpan<float> answers, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            sum += weight * answers[i];
            total += weight;
        }

        return sum / total;
    }

    /// <summary>Log of the weight of a class's rows with the prior; the common divisor cancels in both links.</summary>
    private static double LogShare(ReadOnlySpan<float> answers, ReadOnlySpan<float> weights, int c)
    {
        double rows = PriorRows;
        for (int i = 0; i < answers.Length; i++)
        {
            rows += answers[i] != c ? 0 : weights.IsEmpty ? 1 : weights[i];
        }

        return Math.Log(rows);
    }
}
