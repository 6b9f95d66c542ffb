using Mlops.Core.Evaluation;

namespace Mlops.Core.Learning;

/// <summary>The metrics of a candidate on rows it was not trained on, fold by fold.</summary>
/// <param name="Mean">Per metric the mean over the folds where it is defined, weighted by the fold's rows; NaN where it never is.</param>
/// <param name="StandardError">Per metric the standard error of that mean over folds; NaN with fewer than two folds.</param>
/// <param name="Folds">The metrics of every fold, in fold order; NaN where a metric is not defined (for example ROC AUC with one class).</param>
public sealed record CrossValidation(
    IReadOnlyDictionary<string, double> Mean,
    IReadOnlyDictionary<string, double> StandardError,
    IReadOnlyList<IReadOnlyDictionary<string, double>> Folds)
{
    /// <summary>The summary of some folds, all or those measured so far.</summary>
    public static CrossValidation Of(LearningTask task, IReadOnlyList<FoldResult> folds)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(folds);
        Dictionary<string, double> means = new(StringComparer.Ordinal);
        Dictionary<string, double> errors = new(StringComparer.Ordinal);
        foreach (string name in Metrics.Names(task))
        {
            FoldResult[] defined = [.. folds.Where(fold => !double.IsNaN(fold.Metrics[name]))];
            double mean = defined.Sum(fold => fold.Metrics[name] * fold.Rows) / defined.Sum(fold => fold.Rows);
            double squares = defined.Sum(fold => (fold.Metrics[name] - mean) * (fold.Metrics[name] - mean));
            means.Add(name, defined.Length == 0 ? double.NaN : mean);
            errors.Add(name, defined.Length < 2 ? double.NaN : Math.Sqrt(squares / (defined.Length - 1) / defined.Length));
        }

        return new CrossValidation(means, errors, [.. folds.Select(fold => fold.Metrics)]);
    }
}
