namespace Mlops.Core.Retraining;

/// <summary>What the governor remembers of one model.</summary>
/// <param name="LastStart">When retraining was last started, or null.</param>
/// <param name="Day">The UTC day that <paramref name="StartsToday"/> counts.</param>
/// <param name="StartsToday">Starts on that day.</param>
/// <param name="RunningPipeline">The pipeline started last, which may have ended since; or null.</param>
public sealed record GovernorState(DateTimeOffset? LastStart, DateOnly Day, int StartsToday, string? RunningPipeline)
{
    /// <summary>Before the first start.</summary>
    public static GovernorState Initial { get; } = new(null, DateOnly.MinValue, 0, null);
}
