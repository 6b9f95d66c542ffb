namespace Mlops.Core.Retraining;

/// <summary>What limits automatic retraining of one model.</summary>
/// <param name="OnDrift">Whether declared drift asks for retraining.</param>
/// <param name="MinimumInterval">The least time between two starts.</param>
/// <param name="DailyBudget">Starts in one UTC day at most; 0 stops automatic retraining.</param>
public sealed record RetrainingPolicy(bool OnDrift, TimeSpan MinimumInterval, int DailyBudget);
