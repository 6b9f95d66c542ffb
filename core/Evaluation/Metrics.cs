using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>How good predictions are.</summary>
public static class Metrics
{
    /// <summary>All metrics of the task, by name; rows whose target is missing are left out, and a metric that is not defined for the rows is NaN.</summary>
    public static IReadOnlyDictionary<string, double> Of(LearningTask task, Column target, Predictions predictions) => throw new NotImplementedException();

    /// <summary>The metric that decides: <c>logLoss</c> for classification, <c>rmse</c> for regression.</summary>
    public static string Primary(TaskKind kind) => kind == TaskKind.Regression ? "rmse" : "logLoss";

    /// <summary>Whether more is better.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public static bool HigherIsBetter(string metric) => throw new NotImplementedException();
}
