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
    public static IReadOnlyList<CalibrationBin> Of(LearningTask task, Column target, Predictions predictions, int classIndex, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, 1000);
        ScoredRows rows = ScoredRows.OfClasses(task, target, predictions, classIndex);
        int[] counts = new int[bins];
        double[] predicted = new double[bins];
        int[] actual = new int[bins];
        for (int i = 0; i < rows.Count; i++)
        {
            double p = rows.Scores(i)[classIndex];
            int bin = Math.Clamp((int)(p * bins), 0, bins - 1);
            counts[bin]++;
            predicted[bin] += p;
            actual[bin] += rows.Classes[i] == classIndex ? 1 : 0;
        }

        return [.. Enumerable.Range(0, bins).Where(b => counts[b] > 0).Select(b => new CalibrationBin(
            (double)b / bins, (double)(b + 1) / bins, counts[b], predicted[b] / counts[b], (double)actual[b] / counts[b]))];
    }
}
