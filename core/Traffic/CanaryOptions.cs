namespace Mlops.Core.Traffic;

/// <summary>What the canary rule promises.</summary>
public sealed record CanaryOptions
{
    /// <summary>Chance that a canary which is no worse is ever rolled back, however often one looks. In (0, 0.5]; the default is 0.01.</summary>
    public double RollbackAlpha { get; init; } = 0.01;

    /// <summary>Chance that a canary which is worse by a margin below is ever promoted. In (0, 0.5]; the default is 0.05.</summary>
    public double PromoteAlpha { get; init; } = 0.05;

    /// <summary>Increase of the error rate that would be harm, as a fraction. The default is 0.01: one percentage point.</summary>
    public double ErrorMargin { get; init; } = 0.01;

    /// <summary>Increase, at any duration, of the share of requests that take longer, as a fraction; a step of <see cref="LatencyHistogram.Edges"/> is not counted as slower. The default is 0.2.</summary>
    public double LatencyMargin { get; init; } = 0.2;

    /// <summary>Loss of quality that would be harm: classes, the increase of the share of wrong predictions; numbers, that of the mean absolute error, in its unit.
    /// 0 (the default) asks for no proof before promotion; a loss that the labels prove is rolled back in any case.</summary>
    public double QualityMargin { get; init; }

    /// <summary>Numbers: an absolute error as usual, fixed before the canary began, such as the champion's mean on the hold-out. 0 (the default): not known, so errors of numbers are not judged.</summary>
    public double LossScale { get; init; }

    /// <summary>Numbers: what an absolute error counts at most, ten times <see cref="LossScale"/>: without a largest error no number of labels proves anything about the mean.</summary>
    public double LargestLoss => 10 * LossScale;

    /// <summary>Requests of each version before anything is decided. The default is 50.</summary>
    public long MinimumRequests { get; init; } = 50;
}
