using System.Globalization;

namespace Mlops.Core.Traffic;

/// <summary>Promote, hold or roll back, from totals since the canary began; look as often as you like.</summary>
/// <remarks>
/// <para>Rollback. When both versions fail equally often, each failure belongs to the canary with the canary's share of requests, whatever the failure rate. The mixture
/// likelihood ratio against "no larger than its share" is a test martingale, so the chance that it ever reaches 1/α is at most α (Ville's inequality). Slow requests are
/// tested alike, averaged over all latency edges (an average of test martingales is one), wrong predictions as well; errors of predicted numbers by confidence sequences of both means. Each of the three guards has a third of α.</para>
/// <para>Promotion. Confidence sequences of both rates or means, each at half of the level, prove that the canary is worse by less than the margin. All guards must pass, so a harmful
/// canary is promoted with probability at most <see cref="CanaryOptions.PromoteAlpha"/>.</para>
/// <para>Requests are taken as independent: when a few keys make most of the traffic, count keys instead. O(latency edges).</para>
/// </remarks>
public static class CanaryRule
{
    /// <summary>Decides from the totals of both versions.</summary>
    /// <exception cref="ArgumentException">Totals or options are impossible.</exception>
    public static CanaryDecision Decide(CanaryWindow stable, CanaryWindow canary, CanaryOptions options)
    {
        Check(stable, nameof(stable));
        Check(canary, nameof(canary));
        Check(options);
        if (canary.Requests < options.MinimumRequests || stable.Requests < options.MinimumRequests)
        {
            return new CanaryDecision(CanaryVerdict.Hold, [string.Create(CultureInfo.InvariantCulture, $"The canary has answered {canary.Requests} requests and the stable version {stable.Requests}; {options.MinimumRequests} each are needed to decide.")]);
        }

        List<CanaryGuard> guards = [CanaryGuards.Errors(stable, canary, options), CanaryGuards.Quality(stable.Answers, canary.Answers, options)];
        if (stable.Latency is { } before && canary.Latency is { } after && before.Total > 0 && after.Total > 0)
        {
            guards.Insert(1, CanaryGuards.Latency(before, after, options));
        }

        List<string> worse = [.. guards.Where(g => g.IsHarm).Select(g => g.Harm)];
        if (worse.Count > 0)
        {
            return new CanaryDecision(CanaryVerdict.Rollback, worse);
        }

        List<string> open = [.. guards.Where(g => !g.IsSafe).Select(g => g.Open)];
        return open.Count > 0
            ? new CanaryDecision(CanaryVerdict.Hold, open)
            : new CanaryDecision(CanaryVerdict.Promote, [.. guards.Select(g => g.Safe)]);
    }

    private static void Check(CanaryWindow window, string name)
    {
        ArgumentNullException.ThrowIfNull(window, name);
        if (window.Requests < 0 || window.Errors < 0 || window.Errors > window.Requests)
        {
            throw new ArgumentException($"The window has {window.Errors} errors in {window.Requests} requests; expected 0 ≤ errors ≤ requests.", name);
        }

        if (window.Answers is not { } answers || answers.Labels < 0 || answers.Wrong < 0 || answers.Wrong > answers.Labels)
        {
            throw new ArgumentException($"The window has {window.Answers?.Wrong} wrong predictions in {window.Answers?.Labels} labelled ones; expected 0 ≤ wrong ≤ labelled.", name);
        }
    }

    private static void Check(CanaryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.RollbackAlpha is > 0 and <= 0.5 && options.PromoteAlpha is > 0 and <= 0.5 && options.ErrorMargin > 0 && options.LatencyMargin > 0 && options.QualityMargin >= 0 && options.LossScale >= 0))
        {
            throw new ArgumentException(FormattableString.Invariant($"rollbackAlpha {options.RollbackAlpha} and promoteAlpha {options.PromoteAlpha} must lie in (0, 0.5], errorMargin {options.ErrorMargin} and latencyMargin {options.LatencyMargin} above 0, qualityMargin {options.QualityMargin} and lossScale {options.LossScale} at least 0."), nameof(options));
        }
    }
}
