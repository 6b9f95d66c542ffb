using Mlops.Core.Retraining;

namespace Mlops.Core.Tests.Retraining;

public class GovernorTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RetrainingPolicy Policy = new(OnDrift: true, TimeSpan.FromHours(6), DailyBudget: 2);

    [Fact]
    public void Decide_Accepts_TheFirstRequest()
    {
        GovernorDecision decision = Decide(GovernorState.Initial, "drift", Noon);
        Assert.True(decision.Accepted);
        Assert.Equal(new GovernorState(Noon, new DateOnly(2026, 3, 1), 1, "p"), decision.State);
    }

    [Fact]
    public void Decide_Refuses_WithinTheMinimumInterval()
    {
        GovernorDecision decision = Decide(State(Noon, 1), "drift", Noon.AddHours(6).AddSeconds(-1));
        Assert.False(decision.Accepted);
        Assert.Contains("minimumInterval", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(State(Noon, 1), decision.State);
    }

    [Fact]
    public void Decide_Accepts_WhenTheMinimumIntervalHasPassed() => Assert.True(Decide(State(Noon, 1), "drift", Noon.AddHours(6)).Accepted);

    [Fact]
    public void Decide_Refuses_WhenTheBudgetOfTheDayIsUsedUp_AndAcceptsTheNextDay()
    {
        GovernorDecision decision = Decide(State(Noon, 2), "drift", Noon.AddHours(11));
        Assert.False(decision.Accepted);
        Assert.Contains("dailyBudget", decision.Reason, StringComparison.Ordinal);
        Assert.True(Decide(State(Noon, 2), "drift", Noon.AddHours(12)).Accepted);
    }

    [Fact]
    public void Decide_Refuses_WhileAPipelineRuns_EvenByHand()
    {
        Assert.False(Decide(State(Noon, 1), "drift", Noon.AddDays(2), running: true).Accepted);
        Assert.False(Decide(State(Noon, 1), "manual", Noon.AddDays(2), running: true).Accepted);
    }

    [Fact]
    public void Decide_DoesNotHoldBack_ARequestByHand() => Assert.True(Decide(State(Noon, 2), "manual", Noon.AddMinutes(1)).Accepted);

    [Fact]
    public void Decide_Refuses_DriftWhenItIsSwitchedOff()
    {
        GovernorDecision decision = Decide(GovernorState.Initial, "drift", Noon, policy: Policy with { OnDrift = false });
        Assert.False(decision.Accepted);
        Assert.Contains("onDrift", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_NeverExceedsTheBudget_WhateverTheTimesOfTheRequests()
    {
        Random random = new(7);
        GovernorState state = GovernorState.Initial;
        DateTimeOffset now = Noon;
        Dictionary<DateOnly, int> starts = [];
        DateTimeOffset? last = null;
        for (int i = 0; i < 5_000; i++)
        {
            now = now.AddMinutes(random.Next(0, 240));
            GovernorDecision decision = Decide(state, "drift", now);
            if (decision.Accepted)
            {
                Assert.True(last is null || now - last >= Policy.MinimumInterval);
                last = now;
                DateOnly day = DateOnly.FromDateTime(now.UtcDateTime);
                starts[day] = starts.GetValueOrDefault(day) + 1;
            }

            state = decision.State;
        }

        Assert.All(starts.Values, count => Assert.InRange(count, 1, Policy.DailyBudget));
        Assert.True(starts.Count > 100);
    }

    private static GovernorState State(DateTimeOffset lastStart, int startsToday) => new(lastStart, DateOnly.FromDateTime(lastStart.UtcDateTime), startsToday, "earlier");

    private static GovernorDecision Decide(GovernorState state, string trigger, DateTimeOffset now, bool running = false, RetrainingPolicy? policy = null) =>
        Governor.Decide(state, new RetrainingRequest("r", "m", trigger, "because", now), policy ?? Policy, running, "p", now);
}
