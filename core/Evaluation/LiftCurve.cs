using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>How many of a class one finds by looking at the highest scores first.</summary>
public static class LiftCurve
{
    /// <summary>Parts of equal weight (± 1 row), highest scores first; equal scores in the order of the rows.</summary>
    /// <param name="task">A classification task.</param>
    /// <param name="target">The answers; rows without one are left out.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="classIndex">The class that is looked for.</param>
    /// <param name="parts">Parts at most, 1 … 1,000; fewer when there are fewer rows.</param>
    /// <param name="weights">How much each row counts; null for 1 each.</param>
    /// <returns>One entry per part; none when no row has the class.</returns>
    public static IReadOnlyList<LiftPart> Of(LearningTask task, Column target, Predictions predictions, int classIndex, int parts = 10, Column? weights = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, 1000);
        ScoredRows rows = ScoredRows.OfClasses(task, target, predictions, classIndex, null, weights);
        double Hits(int i) => rows.Classes[i] == classIndex ? rows.Weights[i] : 0;
        int[] order = [.. Enumerable.Range(0, rows.Count).Where(i => rows.Weights[i] > 0).OrderByDescending(i => rows.Scores(i)[classIndex])];
        double total = order.Sum(i => rows.Weights[i]), hits = order.Sum(Hits);
        List<LiftPart> curve = [];
        parts = Math.Min(parts, order.Length);
        double seen = 0, found = 0;
        int start = 0;
        for (int part = 1; part <= parts && hits > 0; part++)
        {
            int end = start;
            double size = 0, inPart = 0;
            for (; end < order.Length && (part == parts || seen + size + rows.Weights[order[end]] <= (total * part / parts) + (1e-9 * total)); end++)
            {
                size += rows.Weights[order[end]];
                inPart += Hits(order[end]);
            }

            if (end == start)
            {
                continue;
            }

            seen += size;
            found += inPart;
            curve.Add(new LiftPart(end - start, inPart, inPart / size * total / hits, found / seen * total / hits, found / hits));
            start = end;
        }

        return curve;
    }
}
