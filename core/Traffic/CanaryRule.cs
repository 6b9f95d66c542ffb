using System.Globalization;
using Mlops.Core.Statistics.Sequential;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Traffic;

/// <summary>Promote, hold or roll back, from totals since the canary began; look as often as you like.</summary>
/// <remarks>
/// <para>Rollback. When both versions fail equally often, each failure belongs to the canary with the canary's share of requests, whatever the failure rate. The mixture
/// likelihood ratio against "no larger than its share" is a test martingale, so the chance that it ever reaches 1/α is at most α (Ville's inequality). Slow requests are
/// tested alike, averaged over all latency edges (an average of test martingales is one), the business metric by a confidence sequence. α is divided by the number of guards.</para>
/// <para>Promotion. Confidence sequences of both rates, each at half of the level, prove that the canary is worse by less than the margin. All guards must pass, so a harmful
/// canary is promoted with probability at most <see cref="CanaryOptions.PromoteAlpha"/>.</para>
/// <para>Requests are taken as independent: when a few keys make most of the traffic, count keys instead. O(latency edges).</para>
/// </remarks>
public static class CanaryRule
{
    /// <summary>Normal theory says nothing about a business metric before that many values an arm.</summary>
    private const long MetricMinimum = 30;

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

        List<Guard> guards = [Errors(stable, canary, options)];
        if (stable.Latency is { } before && canary.Latency is { } after && before.Total > 0 && after.Total > 0)
        {
            guards.Add(Latency(before, after, options));
        }

        if (options.MetricMargin > 0)
        {
            guards.Add(Metric(stable.Metric ?? default, canary.Metric ?? default, options));
        }

        double needed = Math.Log(guards.Count / options.RollbackAlpha);
        List<string> worse = [.. guards.Where(g => g.LogHarm >= needed).Select(g => g.Harm)];
        if (worse.Count > 0)
        {
            return new CanaryDecision(CanaryVerdict.Rollback, worse);
        }

        List<string> open = [.. guards.Where(g => !g.IsSafe).Select(g => g.Open)];
        return open.Count > 0
            ? new CanaryDecision(CanaryVerdict.Hold, open)
            : new CanaryDecision(CanaryVerdict.Promote, [.. guards.Select(g => g.Safe)]);
    }

    private static Guard Errors(CanaryWindow stable, CanaryWindow canary, CanaryOptions options)
    {
        double harm = LogHarm(canary.Errors, stable.Errors, canary.Requests, stable.Requests);
        (bool safe, double worst) = NoWorse(canary.Errors, canary.Requests, stable.Errors, stable.Requests, options.ErrorMargin, options.PromoteAlpha);
        string rates = string.Create(CultureInfo.InvariantCulture, $"{(double)canary.Errors / canary.Requests:0.##%} of the canary's requests failed against {(double)stable.Errors / stable.Requests:0.##%}");
        return Sentences(rates, harm, safe, worst, options.ErrorMargin);
    }

    private static Guard Latency(LatencyHistogram stable, LatencyHistogram canary, CanaryOptions options)
    {
        int edges = LatencyHistogram.Edges.Count;
        double[] harms = [.. Enumerable.Range(0, edges).Select(e => LogHarm(canary.SlowerThan(e), stable.SlowerThan(e), canary.Total, stable.Total))];
        double largest = harms.Max(), harm = largest + Math.Log(harms.Sum(h => Math.Exp(h - largest)) / edges);
        string medians = string.Create(CultureInfo.InvariantCulture, $"95 % of requests took up to {canary.Quantile(0.95):0.#} ms on the canary against {stable.Quantile(0.95):0.#} ms");
        if (options.LatencyObjective is not { } objective)
        {
            return new Guard(harm, true, $"{medians}: slower, and more than chance.", $"{medians}: no sign of being slower.", "");
        }

        (bool safe, double worst) = NoWorse(canary.SlowerThan(objective), canary.Total, stable.SlowerThan(objective), stable.Total, options.LatencyMargin, options.PromoteAlpha);
        return Sentences(medians, harm, safe, worst, options.LatencyMargin);
    }

    private static Guard Metric(Moments stable, Moments canary, CanaryOptions options)
    {
        if (stable.Count < MetricMinimum || canary.Count < MetricMinimum)
        {
            return new Guard(0, false, "", "", $"The business metric has {canary.Count} and {stable.Count} values; {MetricMinimum} each are needed.");
        }

        double difference = canary.Mean - stable.Mean, error = Math.Sqrt(canary.Variance / canary.Count + stable.Variance / stable.Count);
        string means = string.Create(CultureInfo.InvariantCulture, $"The business metric is {canary.Mean:0.####} on the canary against {stable.Mean:0.####}");
        double half = MeanConfidenceSequence.HalfWidth(error, options.MetricMargin, options.PromoteAlpha), lowest = difference - half;

        // The evidence is the largest 1/α at which the confidence sequence still excludes "no decrease".
        double ratio = error == 0 ? double.PositiveInfinity : options.MetricMargin * options.MetricMargin / (error * error);
        double harm = difference >= 0 ? 0 : error == 0 ? double.PositiveInfinity : (difference * difference / (error * error) * ratio / (1 + ratio) - Math.Log(1 + ratio)) / 2;
        return new Guard(harm, lowest > -options.MetricMargin, $"{means}: lower, and more than chance.", $"{means}: lower by at most {Math.Max(0, -lowest).ToString("0.####", CultureInfo.InvariantCulture)}.", $"{means}: it may still be lower by {Math.Max(0, -lowest).ToString("0.####", CultureInfo.InvariantCulture)}.");
    }

    private static Guard Sentences(string rates, double harm, bool safe, double worst, double margin) => new(
        harm,
        safe,
        $"{rates}: worse, and more than chance.",
        string.Create(CultureInfo.InvariantCulture, $"{rates}: worse by at most {Math.Max(0, worst):0.##%}, under the margin of {margin:0.##%}."),
        string.Create(CultureInfo.InvariantCulture, $"{rates}: it may still be worse by {worst:0.##%}; less than {margin:0.##%} must be shown."));

    /// <summary>Evidence that the canary has more than its share of the events.</summary>
    private static double LogHarm(long canaryEvents, long stableEvents, long canaryRequests, long stableRequests) =>
        BernoulliConfidenceSequence.LogEvidenceAbove(canaryEvents, canaryEvents + stableEvents, (double)canaryRequests / (canaryRequests + stableRequests));

    private static (bool Safe, double Worst) NoWorse(long canaryEvents, long canaryRequests, long stableEvents, long stableRequests, double margin, double alpha)
    {
        // Each sequence is two-sided at α, so the one bound used of each is missed with probability α/2: together α.
        double worst = BernoulliConfidenceSequence.Bounds(canaryEvents, canaryRequests, alpha).Upper - BernoulliConfidenceSequence.Bounds(stableEvents, stableRequests, alpha).Lower;
        return (worst < margin, worst);
    }

    private static void Check(CanaryWindow window, string name)
    {
        ArgumentNullException.ThrowIfNull(window, name);
        if (window.Requests < 0 || window.Errors < 0 || window.Errors > window.Requests)
        {
            throw new ArgumentException($"The window has {window.Errors} errors in {window.Requests} requests; expected 0 ≤ errors ≤ requests.", name);
        }
    }

    private static void Check(CanaryOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.RollbackAlpha is > 0 and <= 0.5 && options.PromoteAlpha is > 0 and <= 0.5 && options.ErrorMargin > 0 && options.LatencyMargin > 0 && options.MetricMargin >= 0))
        {
            throw new ArgumentException(FormattableString.Invariant($"rollbackAlpha {options.RollbackAlpha} and promoteAlpha {options.PromoteAlpha} must lie in (0, 0.5], errorMargin {options.ErrorMargin} and latencyMargin {options.LatencyMargin} above 0, metricMargin {options.MetricMargin} at least 0."), nameof(options));
        }
    }

    /// <summary>One guard's evidence of harm (natural logarithm), whether it is shown to be safe, and the sentence for each outcome.</summary>
    private sealed record Guard(double LogHarm, bool IsSafe, string Harm, string Safe, string Open);
}
