using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Chooses the decision threshold of two classes by cost.</summary>
public static class DecisionThresholds
{
    /// <summary>The threshold that would have cost least on these rows. O(rows · log rows).</summary>
    /// <param name="task">A task of two classes.</param>
    /// <param name="target">The answers; rows without one are left out.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="target"/>, which the model was not trained on.</param>
    /// <param name="falsePositiveCost">What it costs to predict the second class wrongly, ≥ 0.</param>
    /// <param name="falseNegativeCost">What it costs to miss the second class, ≥ 0.</param>
    /// <param name="weights">How much each row counts; null for 1 each.</param>
    /// <remarks>Thresholds lie midway between neighbouring scores. Of equally cheap ones the one nearest to <see cref="OfCosts"/>, which calibrated
    /// probabilities would want, is taken.</remarks>
    public static DecisionThreshold Cheapest(LearningTask task, Column target, Predictions predictions, double falsePositiveCost, double falseNegativeCost, Column? weights = null)
    {
        double ideal = OfCosts(falsePositiveCost, falseNegativeCost);
        ScoredRows rows = ScoredRows.OfClasses(task, target, predictions, 1, null, weights);
        if (task.Kind != TaskKind.Binary || rows.Count == 0)
        {
            throw new ArgumentException($"A threshold needs two classes and at least one row; found {task.Classes.Count} classes and {rows.Count} rows.", nameof(task));
        }

        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(i => rows.Scores(i)[1])];
        double total = rows.Weights.Sum();
        double falsePositives = Enumerable.Range(0, rows.Count).Where(i => rows.Classes[i] == 0).Sum(i => rows.Weights[i]);
        double falseNegatives = 0;
        DecisionThreshold? best = null;
        for (int i = 0; i <= order.Length; i++)
        {
            double below = i == 0 ? 0 : rows.Scores(order[i - 1])[1];
            double above = i == order.Length ? 2 - below : rows.Scores(order[i])[1];
            if (i == 0 || above > below)
            {
                double threshold = i == 0 ? 0 : (below + above) / 2;
                double cost = ((falsePositives * falsePositiveCost) + (falseNegatives * falseNegativeCost)) / total;
                if (best is null || cost < best.Cost || (cost == best.Cost && Math.Abs(threshold - ideal) < Math.Abs(best.Threshold - ideal)))
                {
                    best = new DecisionThreshold(threshold, cost, falsePositives, falseNegatives);
                }
            }

            if (i < order.Length)
            {
                falsePositives -= rows.Classes[order[i]] == 0 ? rows.Weights[order[i]] : 0;
                falseNegatives += rows.Classes[order[i]] == 1 ? rows.Weights[order[i]] : 0;
            }
        }

        return best!;
    }

    /// <summary>The threshold that is cheapest for calibrated probabilities: FP / (FP + FN); one half when both cost nothing.</summary>
    public static double OfCosts(double falsePositiveCost, double falseNegativeCost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(falsePositiveCost);
        ArgumentOutOfRangeException.ThrowIfNegative(falseNegativeCost);
        double both = falsePositiveCost + falseNegativeCost;
        return both > 0 && double.IsFinite(both) ? falsePositiveCost / both : 0.5;
    }
}
