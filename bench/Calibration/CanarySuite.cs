using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Traffic;

namespace Mlops.Calibration;

/// <summary>Canaries that are as good, worse by a margin, or much worse, with a look after every tenth request: the bounds cost a bisection.</summary>
public static class CanarySuite
{
    private const double Alpha = 0.05;

    // 10 % of the stable version's requests take over 100 ms: log-normal with σ = 1 has its median at 100/e^1.2816 then.
    private static readonly double s_median = 100 / Math.Exp(1.2815515655);

    /// <summary>Errors and latency, each with the other as it was.</summary>
    public static IEnumerable<Measured> Service(int runs, int length)
    {
        foreach ((double share, double errors) in new[] { (0.5, 0.02), (0.1, 0.02), (0.05, 0.3), (0.1, 0.001) })
        {
            CanaryOptions options = new() { RollbackAlpha = Alpha, PromoteAlpha = Alpha };
            CanaryVerdict Fails(Random r, double more) => Watch(r, length, share, options, (request, canary) => request with { Errors = r.NextDouble() < errors + (canary ? more : 0) ? 1 : 0 });
            foreach (Measured measured in Three("Canary errors", $"errors {errors}, {share:0%} of traffic", length, runs, Fails, 0.01, 0.2))
            {
                yield return measured;
            }
        }

        foreach (double share in new[] { 0.5, 0.1 })
        {
            CanaryOptions options = new() { RollbackAlpha = Alpha, PromoteAlpha = Alpha, ErrorMargin = 0.1 };
            CanaryVerdict Slow(Random r, double factor) => Watch(
                r, length, share, options, (request, canary) => request with { Errors = r.NextDouble() < 0.02 ? 1 : 0, Latency = LatencyHistogram.Of([s_median * (canary ? factor : 1) * Math.Exp(World.Normal(r))]) });
            foreach (Measured measured in Three("Canary latency", $"{share:0%} of traffic", length, runs, Slow, SlowerBy(options.LatencyMargin), 5, 1))
            {
                yield return measured;
            }

            yield return Simulation.Run("Canary latency", $"{share:0%} of traffic: 1.4 times as slow (one step of the scale), rolled back within {length} requests", Alpha, runs, r => Slow(r, 1.4) == CanaryVerdict.Rollback);
        }
    }

    /// <summary>Wrong classes and errors of numbers, where labels come in.</summary>
    public static IEnumerable<Measured> Quality(int runs, int length)
    {
        foreach (double share in new[] { 0.5, 0.1 })
        {
            // Half of the requests get their label.
            CanaryOptions quality = new() { RollbackAlpha = Alpha, PromoteAlpha = Alpha, ErrorMargin = 0.1, QualityMargin = 0.1, LossScale = 1 };
            CanaryVerdict Wrong(Random r, double more) => Watch(
                r, length, share, quality, (request, canary) => request with { Answers = r.NextDouble() < 0.5 ? LabelledAnswers.None.AddClass(r.NextDouble() < 0.1 + (canary ? more : 0)) : LabelledAnswers.None });
            foreach (Measured measured in Three("Canary quality", $"classes, {share:0%} of traffic", length, runs, Wrong, 0.1, 0.4))
            {
                yield return measured;
            }

            foreach (string world in new[] { "normal", "skewed" })
            {
                CanaryOptions numbers = quality with { QualityMargin = 0.3 };
                CanaryVerdict Off(Random r, double more, int requests) => Watch(
                    r, requests, share, numbers, (request, canary) => request with { Answers = LabelledAnswers.None.AddNumber(Math.Abs(World.Draw(world, r, 1)[0]) + (canary ? more : 0), numbers.LargestLoss) });
                foreach (Measured measured in Three("Canary quality", $"numbers, {world}, {share:0%} of traffic", length, runs, (r, more) => Off(r, more, length), 0.3, 2))
                {
                    yield return measured;
                }

                // The proof takes more labels than that of a normal law would.
                int longer = 5 * length;
                yield return Simulation.Run("Canary quality", $"numbers, {world}, {share:0%} of traffic: as good, promoted within {longer} requests", 0, runs / 10, r => Off(r, 0, longer) == CanaryVerdict.Promote, true);
            }
        }
    }

    private static IEnumerable<Measured> Three(string group, string world, int length, int runs, Func<Random, double, CanaryVerdict> verdict, double margin, double much, double same = 0)
    {
        yield return Simulation.Run(group, $"{world}: as good, rolled back within {length} requests", Alpha, runs, r => verdict(r, same) == CanaryVerdict.Rollback);
        yield return Simulation.Run(group, $"{world}: worse by the margin, promoted within {length} requests", Alpha, runs, r => verdict(r, margin) == CanaryVerdict.Promote);
        yield return Simulation.Run(group, $"{world}: as good, promoted within {length} requests", 0, runs / 2, r => verdict(r, same) == CanaryVerdict.Promote, true);
        yield return Simulation.Run(group, $"{world}: much worse, rolled back within {length} requests", 0, runs / 2, r => verdict(r, much) == CanaryVerdict.Rollback, true);
    }

    private static CanaryVerdict Watch(Random random, int length, double share, CanaryOptions options, Func<CanaryWindow, bool, CanaryWindow> measure)
    {
        CanaryWindow[] totals = [CanaryWindow.Empty, CanaryWindow.Empty];
        for (int i = 0; i < length; i++)
        {
            int version = random.NextDouble() < share ? 1 : 0;
            CanaryWindow request = measure(new CanaryWindow(1, 0), version == 1);
            LabelledAnswers before = totals[version].Answers, one = request.Answers;
            totals[version] = totals[version].Merge(request) with { Answers = new LabelledAnswers(before.Labels + one.Labels, before.Wrong + one.Wrong, before.Loss.Merge(one.Loss)) };
            if (i % 10 == 9 && CanaryRule.Decide(totals[0], totals[1], options).Verdict is not CanaryVerdict.Hold and CanaryVerdict verdict)
            {
                return verdict;
            }
        }

        return CanaryVerdict.Hold;
    }

    /// <summary>The factor by which a log-normal latency must grow so that, at the worst edge, its share beyond the next one is larger by the margin.</summary>
    private static double SlowerBy(double margin)
    {
        (double low, double high) = (1, 100);
        for (int i = 0; i < 60; i++)
        {
            double middle = Math.Sqrt(low * high);
            double worst = Enumerable.Range(0, LatencyHistogram.Edges.Count - 1).Max(e => Beyond(LatencyHistogram.Edges[e + 1] / middle) - Beyond(LatencyHistogram.Edges[e]));
            (low, high) = worst < margin ? (middle, high) : (low, middle);
        }

        return high;

        static double Beyond(double milliseconds) => Normal.Sf(Math.Log(milliseconds / s_median));
    }
}
