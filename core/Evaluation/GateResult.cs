using Mlops.Core.Statistics.Gates;

namespace Mlops.Core.Evaluation;

/// <summary>The gate's decision with what it rests on.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="Metric">The metric that decided.</param>
/// <param name="Candidate">The candidate's value.</param>
/// <param name="Champion">The champion's value; null without one.</param>
/// <param name="Difference">How much better the candidate is, in the metric's unit (positive is better, whatever the metric's direction); null without something to compare with.</param>
/// <param name="Lower">Lower end of the interval of <paramref name="Difference"/>.</param>
/// <param name="Upper">Upper end of it.</param>
/// <param name="Rows">Rows compared on.</param>
/// <param name="Resamples">Bootstrap resamples; 0 when another method gave the interval.</param>
/// <param name="Reasons">Why, in sentences a person can read.</param>
public sealed record GateResult(
    GateVerdict Verdict,
    string Metric,
    double Candidate,
    double? Champion,
    double? Difference,
    double? Lower,
    double? Upper,
    int Rows,
    int Resamples,
    IReadOnlyList<string> Reasons)
{
    /// <summary>What gave the interval: <c>McNemar</c>, <c>DeLong</c> or <c>paired bootstrap</c>.</summary>
    public string Method { get; init; } = "paired bootstrap";
}
