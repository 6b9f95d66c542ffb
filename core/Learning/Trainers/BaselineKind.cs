using Mlops.Core.Features;
using Mlops.Core.Learning.Linear;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Trainers;

/// <summary>Predicts the mean, or the classes' shares with half a row added to each: what every model must beat.</summary>
/// <remarks>The half row (Jeffreys' prior) gives a class that a fold lacks a small probability instead of none.</remarks>
internal sealed class BaselineKind : TrainerKind
{
    private const double PriorRows = 0.5;

    /// <inheritdoc/>
    public override string Name => "baseline";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainerParameter> Parameters => [];

    /// <inheritdoc/>
    public override FeatureOptions? Features(TrainerSettings settings) => null;

    /// <inheritdoc/>
    public override Scorer Fit(TrainingInput input, CancellationToken cancellationToken) => new(Model(input.Task, input.Set.Y));

    /// <summary>The baseline of some answers.</summary>
    public static LinearModel Model(LearningTask task, ReadOnlySpan<float> answers)
    {
        double[] intercepts = task.Kind switch
        {
            TaskKind.Regression => [Mean(answers)],
            TaskKind.Binary => [LogShare(answers, 1) - LogShare(answers, 0)],
            _ => Enumerable.Range(0, task.Classes.Count).Select(c => 0.0).ToArray(),
        };

        if (task.Kind == TaskKind.MultiClass)
        {
            for (int c = 0; c < intercepts.Length; c++)
            {
                intercepts[c] = LogShare(answers, c);
            }
        }

        return new LinearModel
        {
            Features = [],
            Coefficients = [.. intercepts.Select(_ => Array.Empty<double>())],
            Intercepts = intercepts,
            Means = [],
            Link = task.Kind switch { TaskKind.Regression => Link.Identity, TaskKind.Binary => Link.Sigmoid, _ => Link.Softmax },
        };
    }

    private static double Mean(ReadOnlySpan<float> answers)
    {
        double sum = 0;
        foreach (float y in answers)
        {
            sum += y;
        }

        return sum / answers.Length;
    }

    /// <summary>Log of a class's rows with the prior; the common divisor cancels in both links.</summary>
    private static double LogShare(ReadOnlySpan<float> answers, int c)
    {
        double rows = PriorRows;
        foreach (float y in answers)
        {
            rows += y == c ? 1 : 0;
        }

        return Math.Log(rows);
    }
}
