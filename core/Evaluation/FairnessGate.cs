using System.Globalization;
using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Holds a candidate for two classes against bounds on how differently it treats groups.</summary>
public static class FairnessGate
{
    /// <summary>Compares the groups of every column that has a bound.</summary>
    /// <param name="task">A task of two classes; others have no groups to compare.</param>
    /// <param name="holdout">The hold-out rows with the target and the columns.</param>
    /// <param name="predictions">The candidate's predictions for them.</param>
    /// <param name="bounds">Per column the largest difference of true or false positive rates between groups, 0 … 1.</param>
    /// <returns>The report per column, and one reason per column whose bound is missed; none for columns with fewer than two groups that are large enough.</returns>
    public static (IReadOnlyDictionary<string, FairnessReport> Reports, IReadOnlyList<string> Reasons) Check(
        LearningTask task, DataTable holdout, Predictions predictions, IReadOnlyDictionary<string, double> bounds)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(holdout);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(bounds);
        Dictionary<string, FairnessReport> reports = new(StringComparer.Ordinal);
        List<string> reasons = [];
        foreach ((string column, double bound) in bounds.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            if (task.Kind != TaskKind.Binary || !holdout.TryGet(column, out Column? groups))
            {
                continue;
            }

            FairnessReport report = Fairness.Of(task, holdout[task.Target], predictions, groups, 1, threshold: predictions.Threshold, weights: task.WeightsOf(holdout));
            reports.Add(column, report);
            if (report.OddsDifference > bound)
            {
                reasons.Add(string.Create(
                    CultureInfo.InvariantCulture, $"Between the groups of '{column}' the true or false positive rates differ by {report.OddsDifference:0.###}; gates.fairness allows {bound:0.###}."));
            }
        }

        return (reports, reasons);
    }
}
