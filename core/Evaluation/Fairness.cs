using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Fairness by group, as in M. Hardt, E. Price, N. Srebro, "Equality of Opportunity in Supervised Learning" (2016).</summary>
public static class Fairness
{
    /// <summary>Compares the groups of a column, which need not be a feature.</summary>
    /// <param name="task">A classification task.</param>
    /// <param name="target">The answers; rows without one are left out.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="group">The group of each row.</param>
    /// <param name="favourable">The class that is good to get.</param>
    /// <param name="minRows">Groups with fewer rows are left out, ≥ 1.</param>
    /// <param name="threshold">Predicted favourable from this probability on; null: when it is the likeliest class.</param>
    /// <param name="weights">How much each row counts in the rates; null for 1 each.</param>
    public static FairnessReport Of(
        LearningTask task, Column target, Predictions predictions, Column group, int favourable, int minRows = 30, double? threshold = null, Column? weights = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentOutOfRangeException.ThrowIfLessThan(minRows, 1);
        ScoredRows rows = ScoredRows.OfClasses(task, target, predictions, favourable, null, weights);
        if (group.Count != target.Count)
        {
            throw new ArgumentException($"The group column '{group.Name}' has {group.Count} rows; expected {target.Count} as in '{target.Name}'.", nameof(group));
        }

        bool[] selected = [.. Enumerable.Range(0, rows.Count).Select(i => threshold is { } t ? rows.Scores(i)[favourable] >= t : rows.Best(i) == favourable)];
        List<IGrouping<string, int>> all = [.. Enumerable.Range(0, rows.Count).Where(i => rows.Weights[i] > 0).GroupBy(i => group.Text(rows.Rows[i]) ?? "", StringComparer.Ordinal)];
        GroupFairness[] groups = [.. all
            .Where(g => g.Count() >= minRows)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Measure(rows, selected, g.Key.Length == 0 ? null : g.Key, [.. g], favourable))];
        double[] rates = [.. groups.Select(g => g.SelectionRate)];
        double opportunity = Difference(groups.Select(g => g.TruePositiveRate));
        double falseAlarms = Difference(groups.Select(g => g.FalsePositiveRate));
        return new FairnessReport(
            groups,
            Difference(rates),
            rates.Length < 2 ? double.NaN : rates.Max() > 0 ? rates.Min() / rates.Max() : 1,
            opportunity,
            double.IsNaN(falseAlarms) ? opportunity : double.IsNaN(opportunity) ? falseAlarms : Math.Max(opportunity, falseAlarms),
            Difference(groups.Select(g => g.Accuracy)),
            all.Count - groups.Length);
    }

    private static GroupFairness Measure(ScoredRows rows, bool[] selected, string? name, int[] members, int favourable)
    {
        double positives = 0, negatives = 0, truePositives = 0, falsePositives = 0;
        foreach (int i in members)
        {
            double weight = rows.Weights[i], chosen = selected[i] ? weight : 0;
            if (rows.Classes[i] == favourable)
            {
                positives += weight;
                truePositives += chosen;
            }
            else
            {
                negatives += weight;
                falsePositives += chosen;
            }
        }

        double n = positives + negatives;
        return new GroupFairness(
            name, members.Length, positives / n, (truePositives + falsePositives) / n, truePositives / positives, falsePositives / negatives, (truePositives + negatives - falsePositives) / n);
    }

    private static double Difference(IEnumerable<double> values)
    {
        double[] known = [.. values.Where(v => !double.IsNaN(v))];
        return known.Length < 2 ? double.NaN : known.Max() - known.Min();
    }
}
