namespace Mlops.Core.Learning;

/// <summary>The metrics of a candidate on rows it was not trained on, fold by fold.</summary>
/// <param name="Mean">Per metric the mean over the folds where it is defined, weighted by the fold's rows; NaN where it never is.</param>
/// <param name="StandardError">Per metric the standard error of that mean over folds; NaN with fewer than two folds.</param>
/// <param name="Folds">The metrics of every fold, in fold order; NaN where a metric is not defined (for example ROC AUC with one class).</param>
public sealed record CrossValidation(
    IReadOnlyDictionary<string, double> Mean,
    IReadOnlyDictionary<string, double> StandardError,
    IReadOnlyList<IReadOnlyDictionary<string, double>> Folds);
