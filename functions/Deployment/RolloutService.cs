using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Core.Configuration;
using Mlops.Core.Registry;
using Mlops.Core.Traffic;
using Mlops.Functions.Arrival;
using Mlops.Functions.Hosting;
using Mlops.Functions.Notifications;
using Mlops.Storage.Costs;
using Mlops.Storage.Inference;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Deployment;

/// <summary>Looks at a rollout and moves the traffic as core's rules say.</summary>
public sealed class RolloutService(
    RegistryStore registry, TrafficStore traffic, CanaryQuality quality, ConfigurationReader configurations, PipelineStore pipelines, Notifier notifier, TimeProvider time, ILogger<RolloutService> logger)
{
    /// <summary>One round: begin the step, wait for it, take the version back, or go on.</summary>
    public async Task<RolloutRound> AdvanceAsync(RolloutState state, CancellationToken cancellationToken)
    {
        UsageScope.BelongsTo(state.Model);
        using Activity? activity = Telemetry.StartIn(await pipelines.FindAsync(state.Pipeline, cancellationToken), "rollout")?.SetTag(Telemetry.ModelVersion, state.Version);
        using IDisposable? scope = Log.Scope(logger, state.Model, state.Version, pipeline: state.Pipeline);
        RolloutRound round = await DecideAsync(state, cancellationToken);
        activity?.SetTag("mlops.rollout.detail", round.Detail);
        return round;
    }

    private async Task<RolloutRound> DecideAsync(RolloutState state, CancellationToken cancellationToken)
    {
        RolloutOptions options = (await configurations.ReadOrDefaultAsync(state.Model, cancellationToken)).Rollout;
        ModelRecord record = await registry.ReadAsync(state.Model, cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        if (state.Since is null)
        {
            double percent = state.Step < options.Steps.Count ? options.Steps[state.Step] : 100;
            record = await ChangeAsync(state, current => IsOvertaken(current, state) ? null : RegistryRules.StartCanary(current, state.Version, percent), cancellationToken);
            return record.Traffic?.Challenger == state.Version
                ? await WaitAsync(state with { Since = now }, RolloutRules.FirstLookAfter(options.Bake), $"version {state.Version} serves {percent} %", cancellationToken)
                : await EndAsync(state, record, cancellationToken);
        }

        if (record.Traffic?.Challenger != state.Version)
        {
            return await EndAsync(state, record, cancellationToken);
        }

        // Totals since the step began: within a step the shares are constant, which the rule's error rates rest on.
        int champion = record.Traffic.Champion;
        CanaryOptions promised = new()
        {
            ErrorMargin = options.ErrorMargin,
            LatencyMargin = options.LatencyMargin,
            QualityMargin = options.QualityMargin,
            LossScale = record.Find(champion)?.Metrics.GetValueOrDefault("mae") is { } error && double.IsFinite(error) ? error : 0,
            MinimumRequests = options.MinRequests,
            // Every step is a chance to err, and all of them together are promised; to take over by error, a canary must pass all.
            RollbackAlpha = options.Alpha / Math.Max(1, options.Steps.Count),
            PromoteAlpha = 1 - options.Power,
        };
        (LabelledAnswers before, LabelledAnswers after) = await quality.ReadAsync(state.Model, champion, state.Version, promised.LargestLoss, state.Since.Value, now, cancellationToken);
        CanaryDecision decision = CanaryRule.Decide(
            await CountAsync(state.Model, champion, state.Since.Value, cancellationToken) with { Answers = before },
            await CountAsync(state.Model, state.Version, state.Since.Value, cancellationToken) with { Answers = after },
            promised);
        string reasons = Bounded.Reason(string.Join(" ", decision.Reasons));
        switch (RolloutRules.Next(decision.Verdict, state.Step, options.Steps.Count, now - state.Since.Value >= options.Bake))
        {
            case RolloutMove.Withdraw:
                return await EndAsync(state, await ChangeAsync(state, current => RegistryRules.Withdraw(current, state.Version, reasons), cancellationToken), cancellationToken);
            case RolloutMove.Advance:
                return await WaitAsync(state with { Step = state.Step + 1, Since = null, Looks = 0 }, TimeSpan.Zero, reasons, cancellationToken);
            case RolloutMove.Promote:
                return await EndAsync(state, await ChangeAsync(state, current => RegistryRules.Promote(current, state.Version, reasons), cancellationToken), cancellationToken);
            default:
                return await WaitAsync(state with { Looks = state.Looks + 1 }, RolloutRules.LookAgainAfter(state.Looks), reasons, cancellationToken);
        }
    }

    private static bool IsOvertaken(ModelRecord record, RolloutState state) =>
        state.Step > 0 ? record.Traffic?.Challenger != state.Version : record.Find(state.Version) is { State: VersionState.Archived or VersionState.RolledBack };

    private async Task<ModelRecord> ChangeAsync(RolloutState state, Func<ModelRecord, RegistryChange?> rule, CancellationToken cancellationToken)
    {
        RegistryChange? applied = null;
        ModelRecord record = await registry.CommitAsync(state.Model, "rollout", current => applied = rule(current), cancellationToken);
        if (applied is not null)
        {
            Log.TrafficChanged(logger, state.Model, applied.Action, applied.Detail);
        }

        return record;
    }

    private async Task<CanaryWindow> CountAsync(string model, int version, DateTimeOffset since, CancellationToken cancellationToken) =>
        (await traffic.ReadAsync(model, version, since, cancellationToken)).Aggregate(CanaryWindow.Empty, (sum, window) => sum.Merge(window));

    private async Task<RolloutRound> WaitAsync(RolloutState next, TimeSpan wait, string detail, CancellationToken cancellationToken)
    {
        PipelineStep step = await pipelines.StartStepAsync(next.Pipeline, "rollout", cancellationToken);
        await pipelines.EndStepAsync(next.Pipeline, step, "running", detail, cancellationToken);
        return new RolloutRound(false, next, wait, detail);
    }

    private async Task<RolloutRound> EndAsync(RolloutState state, ModelRecord record, CancellationToken cancellationToken)
    {
        string detail = record.Traffic?.Champion == state.Version
            ? $"version {state.Version} is the champion"
            : $"version {state.Version} is {record.Find(state.Version)?.State.ToString() ?? "gone"}; version {record.Traffic?.Champion} serves";
        PipelineStep step = await pipelines.StartStepAsync(state.Pipeline, "rollout", cancellationToken);
        await pipelines.EndStepAsync(state.Pipeline, step, "completed", detail, cancellationToken);
        string? told = record.Traffic?.Champion == state.Version ? Notifier.ModelPromoted : record.Find(state.Version)?.State == VersionState.RolledBack ? Notifier.CanaryRolledBack : null;
        if (told is not null)
        {
            await notifier.TellAsync($"rollout-{state.Pipeline}", told, state.Model, detail, cancellationToken);
        }

        return new RolloutRound(true, state, TimeSpan.Zero, detail);
    }
}
