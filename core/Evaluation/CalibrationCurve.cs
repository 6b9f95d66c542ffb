using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Whether predicted probabilities mean what they say.</summary>
public static class CalibrationCurve
{
    /// <summary>Predicted probability against what happened, over intervals of equal width; empty ones are left out.</summary>
    /// <param name="task">A classification task.</param>
    /// <param name="target">The answers; rows without one are left out.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="classIndex">The class whose probability is looked at.</param>
    /// <param name="bins">Intervals, 2 … 1,000.</param>
    /// <param name="weights">How much each row counts; null for 1 each.</param>
    public static IReadOnlyList<CalibrationBin> Of(LearningTask task, Column target, Predictions predictions, int classIndex, int bins = 10, Column? weights = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 1000);
        ScoredRows rows = ScoredRows.OfClasses(task, target, predictions, classIndex, null, weights);
        int[] counts = new int[bins];
        double[] total = new double[bins], predicted = new double[bins], actual = new double[bins];
        for (int i = 0; i < rows.Count; i++)
        {
            double p = rows.Scores(i)[classIndex], weight = rows.Weights[i];
            int bin = Math.Clamp((int)(p * bins), 0, bins - 1);
            counts[bin]++;
            total[bin] += weight;
            predicted[bin] += weight * p;
            actual[bin] += rows.Classes[i] == classIndex ? weight : 0;
        }

        return [.. Enumerable.Range(0, bins).Where(b => total[b] > 0).Select(b => new CalibrationBin(
            (double)b / bins, (double)(b + 1) / bins, counts[b], predicted[b] / total[b], actual[b] / total[b]))];
    }
}
