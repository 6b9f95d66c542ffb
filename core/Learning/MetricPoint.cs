namespace Mlops.Core.Learning;

/// <summary>One value of a metric while training goes on.</summary>
/// <param name="Name">The metric, for example <c>logLoss</c>, or <c>train.loss</c>.</param>
/// <param name="Step">The iteration or fold, 1-based.</param>
/// <param name="Value">The value; NaN where it is not defined.</param>
public sealed record MetricPoint(string Name, int Step, double Value);
