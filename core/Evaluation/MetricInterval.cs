namespace Mlops.Core.Evaluation;

/// <summary>A metric with its confidence interval.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Value">Its value.</param>
/// <param name="Lower">Lower end; NaN when it cannot be told.</param>
/// <param name="Upper">Upper end; NaN when it cannot be told.</param>
public sealed record MetricInterval(string Metric, double Value, double Lower, double Upper);
