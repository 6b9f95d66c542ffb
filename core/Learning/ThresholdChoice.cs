using Mlops.Core.Data;
using Mlops.Core.Evaluation;

namespace Mlops.Core.Learning;

/// <summary>Chooses the decision threshold of a candidate for two classes by what wrong labels cost.</summary>
public static class ThresholdChoice
{
    /// <summary>The threshold that costs least on out-of-fold predictions of the training rows; null when costs are equal, or there are not two classes: then the likelier class is the label.</summary>
    /// <param name="train">The training rows.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="spec">How.</param>
    /// <param name="foldOfRow">Per row its fold, as for <see cref="Trainer.CrossValidate"/>.</param>
    /// <param name="falsePositiveCost">What it costs to predict the second class wrongly, ≥ 0.</param>
    /// <param name="falseNegativeCost">What it costs to miss the second class, ≥ 0.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <param name="threads">Threads at most, ≥ 1; the result does not depend on it.</param>
    /// <remarks>The hold-out stays untouched: a threshold that was chosen on it would flatter the candidate at the gate.</remarks>
    public static DecisionThreshold? Of(
        DataTable train, LearningTask task, CandidateSpec spec, int[] foldOfRow, double falsePositiveCost, double falseNegativeCost, ulong seed, CancellationToken cancellationToken = default, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(foldOfRow);
        if (task.Kind != TaskKind.Binary || falsePositiveCost == falseNegativeCost)
        {
            return null;
        }

        List<int> rows = [];
        List<float> scores = [];
        for (int fold = 0; fold <= foldOfRow.Max(); fold++)
        {
            (int[] others, int[] own) = Fold.Of(train, task, foldOfRow, fold);
            if (own.Length > 0 && others.Length > 0)
            {
                rows.AddRange(own);
                scores.AddRange(Trainer.Fit(train.Take(others), task, spec, seed, null, cancellationToken, threads).Predict(train.Take(own)).Scores);
            }
        }

        DataTable scored = train.Take([.. rows]);
        return rows.Count == 0 ? null : DecisionThresholds.Cheapest(task, scored[task.Target], new Predictions([.. scores], task.Width), falsePositiveCost, falseNegativeCost, task.WeightsOf(scored));
    }
}
