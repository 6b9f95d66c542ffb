using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>How many of a class one finds by looking at the highest scores first.</summary>
public static class LiftCurve
{
    /// <summary>Parts of equal size (± 1 row), highest scores first; equal scores in the order of the rows.</summary>
    /// <param name="task">A classification task.</param>
    /// <param name="target">The answers; rows without one are left out.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="classIndex">The class that is looked for.</param>
    /// <param name="parts">Parts at most, 1 … 1,000; fewer when there are fewer rows.</param>
    /// <returns>One entry per part; none when no row has the class.</returns>
    public static IReadOnlyList<LiftPart> Of(LearningTask task, Column target, Predictions predictions, int classIndex, int parts = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, 1000);
        ScoredRows rows = ScoredRows.OfClasses(task, target, predictions, classIndex);
        int hits = rows.Classes.Count(c => c == classIndex);
        if (hits == 0)
        {
            return [];
        }

        int[] order = [.. Enumerable.Range(0, rows.Count).OrderByDescending(i => rows.Scores(i)[classIndex])];
        double share = (double)hits / rows.Count;
        List<LiftPart> curve = [];
        parts = Math.Min(parts, rows.Count);
        int seen = 0, found = 0;
        for (int part = 1; part <= parts; part++)
        {
            int end = (int)((long)rows.Count * part / parts);
            int inPart = order[seen..end].Count(i => rows.Classes[i] == classIndex);
            int size = end - seen;
            seen = end;
            found += inPart;
            curve.Add(new LiftPart(size, inPart, inPart / (size * share), found / (seen * share), (double)found / hits));
        }

        return curve;
    }
}
