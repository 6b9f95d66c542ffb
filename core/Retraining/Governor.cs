using System.Globalization;

namespace Mlops.Core.Retraining;

/// <summary>Decides whether a request for retraining starts a pipeline. Every answer has a reason that is kept.</summary>
public static class Governor
{
    /// <summary>Decides on one request.</summary>
    /// <param name="state">What happened before.</param>
    /// <param name="request">The request. One made by hand is not held back by interval or budget, only by a running pipeline.</param>
    /// <param name="policy">The model's limits.</param>
    /// <param name="running">Whether <see cref="GovernorState.RunningPipeline"/> still runs.</param>
    /// <param name="pipeline">The id that the new pipeline would have.</param>
    /// <param name="now">The present.</param>
    public static GovernorDecision Decide(GovernorState state, RetrainingRequest request, RetrainingPolicy policy, bool running, string pipeline, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(policy);
        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        int startsToday = state.Day == today ? state.StartsToday : 0;
        string? refusal = Refusal();
        return refusal is not null
            ? new GovernorDecision(Accepted: false, refusal, state)
            : new GovernorDecision(
                Accepted: true,
                string.Create(CultureInfo.InvariantCulture, $"start {startsToday + 1} of {policy.DailyBudget} today"),
                new GovernorState(now, today, startsToday + 1, pipeline));

        string? Refusal()
        {
            if (running)
            {
                return $"pipeline {state.RunningPipeline} is still running; one retraining at a time";
            }

            if (request.Trigger == "manual")
            {
                return null;
            }

            if (request.Trigger == "drift" && !policy.OnDrift)
            {
                return "retraining on drift is switched off (retraining.onDrift)";
            }

            if (startsToday >= policy.DailyBudget)
            {
                return string.Create(CultureInfo.InvariantCulture, $"the daily budget of {policy.DailyBudget} is used up (retraining.dailyBudget)");
            }

            return state.LastStart is { } last && now - last < policy.MinimumInterval
                ? string.Create(CultureInfo.InvariantCulture, $"the last start was {now - last:hh\\:mm\\:ss} ago, less than {policy.MinimumInterval} (retraining.minimumInterval)")
                : null;
        }
    }
}
