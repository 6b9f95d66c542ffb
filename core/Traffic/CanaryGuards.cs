using System.Globalization;
using Mlops.Core.Statistics.Sequential;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Traffic;

/// <summary>The three measures of a canary: errors, latency, and quality where labels come in.</summary>
internal static class CanaryGuards
{
    /// <summary>α of a rollback is shared by all three, also while there are no labels, because they may come.</summary>
    private const int Guards = 3;

    public static CanaryGuard Errors(CanaryWindow stable, CanaryWindow canary, CanaryOptions options) =>
        Shares("requests failed", stable.Errors, stable.Requests, canary.Errors, canary.Requests, options.ErrorMargin, options);

    /// <summary>Per edge, the canary's requests beyond the next edge against the stable version's beyond this one: a step of the scale is not slower.</summary>
    public static CanaryGuard Latency(LatencyHistogram stable, LatencyHistogram canary, CanaryOptions options)
    {
        double[] edges = [.. LatencyHistogram.Edges];
        (long Before, long After, double Edge)[] slow = [.. Enumerable.Range(0, edges.Length - 1).Select(e => (stable.SlowerThan(e), canary.SlowerThan(e + 1), edges[e + 1]))];

        // An average of test martingales is one.
        double[] harms = [.. slow.Select(s => LogHarm(s.After, s.Before, canary.Total, stable.Total))];
        double largest = harms.Max();
        bool isHarm = IsHarm(largest + Math.Log(harms.Sum(h => Math.Exp(h - largest)) / harms.Length), options);
        string quantiles = string.Create(CultureInfo.InvariantCulture, $"95 % of requests took up to {canary.Quantile(0.95):0.#} ms on the canary against {stable.Quantile(0.95):0.#} ms");

        // All edges must pass, so each has the whole level (Berger 1982). The least promising comes first: the first that fails is enough.
        foreach ((long before, long after, double edge) in slow.OrderByDescending(s => Promise(s.Before, stable.Total, s.After, canary.Total)))
        {
            (bool safe, double worst) = NoWorse(after, canary.Total, before, stable.Total, options.LatencyMargin, options.PromoteAlpha);
            if (!safe)
            {
                return new CanaryGuard(isHarm, false, $"{quantiles}: slower, and more than chance.", "", string.Create(
                    CultureInfo.InvariantCulture, $"{quantiles}: {worst:0.##%} more of its requests may still take over {edge:0} ms; less than {options.LatencyMargin:0.##%} must be shown."));
            }
        }

        return new CanaryGuard(isHarm, true, $"{quantiles}: slower, and more than chance.", string.Create(
            CultureInfo.InvariantCulture, $"{quantiles}: at no duration do {options.LatencyMargin:0.##%} more of its requests take longer."), "");
    }

    public static CanaryGuard Quality(LabelledAnswers stable, LabelledAnswers canary, CanaryOptions options)
    {
        bool asked = options.QualityMargin > 0;
        if (stable.Labels == 0 || canary.Labels == 0)
        {
            return new CanaryGuard(false, !asked, "", "There are no labels to judge quality by.", string.Create(CultureInfo.InvariantCulture, $"The truth is known of {canary.Labels} predictions of the canary and {stable.Labels} of the stable version; rollout.qualityMargin needs both."));
        }

        CanaryGuard guard = stable.Loss.Count + canary.Loss.Count > 0
            ? Means(stable.Loss, canary.Loss, options)
            : Shares("labelled predictions were wrong", stable.Wrong, stable.Labels, canary.Wrong, canary.Labels, asked ? options.QualityMargin : 1, options);
        return asked ? guard : guard with { IsSafe = true, Safe = string.Create(CultureInfo.InvariantCulture, $"No sign of lower quality in {canary.Labels} labelled predictions of the canary.") };
    }

    private static CanaryGuard Means(Moments stable, Moments canary, CanaryOptions options)
    {
        if (options.LossScale == 0)
        {
            return new CanaryGuard(false, false, "", "", "The champion's mean absolute error is not known, so the canary's cannot be judged.");
        }

        double limit = options.LargestLoss, harmAlpha = options.RollbackAlpha / Guards;
        double worst = BoundedMeanConfidenceSequence.Bounds(canary, limit, options.PromoteAlpha).Upper - BoundedMeanConfidenceSequence.Bounds(stable, limit, options.PromoteAlpha).Lower;
        bool isHarm = canary.Mean > stable.Mean && BoundedMeanConfidenceSequence.Bounds(canary, limit, harmAlpha).Lower > BoundedMeanConfidenceSequence.Bounds(stable, limit, harmAlpha).Upper;
        string means = string.Create(CultureInfo.InvariantCulture, $"The mean absolute error (each counted as at most {limit:0.####}) is {canary.Mean:0.####} on the canary against {stable.Mean:0.####}");
        return new CanaryGuard(
            isHarm,
            worst < options.QualityMargin,
            $"{means}: larger, and more than chance.",
            string.Create(CultureInfo.InvariantCulture, $"{means}: larger by at most {Math.Max(0, worst):0.####}, under the margin of {options.QualityMargin:0.####}."),
            string.Create(CultureInfo.InvariantCulture, $"{means}: it may still be larger by {worst:0.####}; less than {options.QualityMargin:0.####} must be shown."));
    }

    private static CanaryGuard Shares(string what, long stableEvents, long stableTotal, long canaryEvents, long canaryTotal, double margin, CanaryOptions options)
    {
        (bool safe, double worst) = NoWorse(canaryEvents, canaryTotal, stableEvents, stableTotal, margin, options.PromoteAlpha);
        string rates = string.Create(CultureInfo.InvariantCulture, $"{(double)canaryEvents / canaryTotal:0.##%} of the canary's {what} against {(double)stableEvents / stableTotal:0.##%}");
        return new CanaryGuard(
            IsHarm(LogHarm(canaryEvents, stableEvents, canaryTotal, stableTotal), options),
            safe,
            $"{rates}: worse, and more than chance.",
            string.Create(CultureInfo.InvariantCulture, $"{rates}: worse by at most {Math.Max(0, worst):0.##%}, under the margin of {margin:0.##%}."),
            string.Create(CultureInfo.InvariantCulture, $"{rates}: it may still be worse by {worst:0.##%}; less than {margin:0.##%} must be shown."));
    }

    private static bool IsHarm(double logEvidence, CanaryOptions options) => logEvidence >= Math.Log(Guards / options.RollbackAlpha);

    /// <summary>Evidence that the canary has more than its share of the events.</summary>
    private static double LogHarm(long canaryEvents, long stableEvents, long canaryTotal, long stableTotal) =>
        BernoulliConfidenceSequence.LogEvidenceAbove(canaryEvents, canaryEvents + stableEvents, (double)canaryTotal / (canaryTotal + stableTotal));

    private static (bool Safe, double Worst) NoWorse(long canaryEvents, long canaryTotal, long stableEvents, long stableTotal, double margin, double alpha)
    {
        // Each sequence is two-sided at α, so the one bound used of each is missed with probability α/2: together α.
        double worst = BernoulliConfidenceSequence.Bounds(canaryEvents, canaryTotal, alpha).Upper - BernoulliConfidenceSequence.Bounds(stableEvents, stableTotal, alpha).Lower;
        return (margin >= 1 || worst < margin, worst);
    }

    /// <summary>Roughly the bound of the difference; it only says where to look first.</summary>
    private static double Promise(long stableEvents, long stableTotal, long canaryEvents, long canaryTotal)
    {
        double before = (stableEvents + 0.5) / (stableTotal + 1), after = (canaryEvents + 0.5) / (canaryTotal + 1);
        return after - before + (3 * (Math.Sqrt(before * (1 - before) / (stableTotal + 1)) + Math.Sqrt(after * (1 - after) / (canaryTotal + 1))));
    }
}
