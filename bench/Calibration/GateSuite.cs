using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Experiments;
using Mlops.Core.Statistics.Gates;

namespace Mlops.Calibration;

/// <summary>The gate of the loop, and the intervals that it rests on.</summary>
public static class GateSuite
{
    private const double Alpha = 0.05;
    private static readonly LearningTask Binary = new(TaskKind.Binary, "y", ["no", "yes"], ["x"]);
    private static readonly LearningTask Regression = new(TaskKind.Regression, "y", [], ["x"]);

    /// <summary>Candidates that are no better than the champion less the margin, by every method; clearly better ones for the power.</summary>
    public static IEnumerable<Measured> Verdicts(int runs, IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        foreach (int n in sizes)
        {
            foreach ((string metric, double margin, double worse, double better) in new[] { ("accuracy", 0.05, 0.75, 0.9), ("rocAuc", 0.03, 0.82, 0.93), ("logLoss", 0, 0, 2), ("rmse", 0.1, 1.1, 0.7), ("mae", 0, 0, 0.7) })
            {
                double equal = metric switch { "accuracy" => 0.8, "rocAuc" => 0.85, _ => 1 };
                bool Promotes(Random r, double candidate, double allowed) =>
                    Decide(r, metric, n, candidate, equal, new GateOptions { Metric = metric, Margin = allowed, Alpha = Alpha }) == GateVerdict.Promote;
                yield return Simulation.Run("Gate of the loop", $"{metric}, as good, {n} rows, promoted", Alpha, runs, r => Promotes(r, equal, 0));
                if (margin > 0)
                {
                    yield return Simulation.Run("Gate of the loop", $"{metric}, worse by the margin {margin}, {n} rows, promoted", Alpha, runs, r => Promotes(r, worse, margin));
                }

                yield return Simulation.Run("Gate of the loop", $"{metric}, better ({better} for {equal}), {n} rows, promoted", 0, runs / 2, r => Promotes(r, better, 0), true);
            }

            yield return Simulation.Run("Gate of the loop", $"rocAuc, as good, one row in ten positive, {n} rows, promoted", Alpha, runs, r =>
                Classes(r, "rocAuc", n, 0.9, 0.9, 0.1, new GateOptions { Metric = "rocAuc", Alpha = Alpha }) == GateVerdict.Promote);
            yield return Simulation.Run("Gate of the loop", $"accuracy, as good, right in 98 %, {n} rows, promoted", Alpha, runs, r =>
                Decide(r, "accuracy", n, 0.98, 0.98, new GateOptions { Metric = "accuracy", Alpha = Alpha }) == GateVerdict.Promote);
        }
    }

    /// <summary>Gates: an interval of 95 % misses the truth in at most 5 %; small samples are approximate and so shown, not promised.</summary>
    public static IEnumerable<Measured> Intervals(int runs, int resamples)
    {
        foreach (int n in new[] { 50, 200, 1000 })
        {
            yield return Simulation.Run("Gates", $"paired bootstrap of a mean loss, {n} rows, misses 0", 0.05, Suite.Fewer(runs, n), r =>
            {
                double[] difference = World.Draw("skewed", r, n).Zip(World.Draw("skewed", r, n), (a, b) => a - b).ToArray();
                (double lower, double upper) = Bootstrap.Bounds(n, counts => counts.Zip(difference, (c, d) => c * d).Sum() / n, 0.025, resamples, (ulong)r.Next());
                return lower > 0 || upper < 0;
            }, n < 200);
            yield return Simulation.Run("Gates", $"DeLong of two equally good scores, {n} rows", 0.05, Suite.Fewer(runs, n) * 2, r =>
            {
                (double[] first, double[] second, bool[] labels) = Scores(r, n);
                return DeLong.Compare(first, second, labels).PValue <= 0.05;
            }, n < 200);
        }

        yield return Simulation.Run("Gates", "McNemar, 40 disagreements", 0.05, runs * 4, r =>
        {
            long b = Suite.Hits(r, 40, 0.5);
            return McNemar.Test(b, 40 - b).PValue <= 0.05;
        });
    }

    private static GateVerdict Decide(Random random, string metric, int n, double candidate, double champion, GateOptions options)
    {
        if (metric is "accuracy" or "rocAuc")
        {
            return Classes(random, metric, n, candidate, champion, 0.5, options);
        }

        if (metric == "logLoss")
        {
            // How far the scores follow the truth: 1 as far as the champion's.
            double[] signal = [.. Enumerable.Range(0, n).Select(_ => 1.5 * World.Normal(random))];
            Predictions Follow(double certainty) => Two([.. signal.Select(s => 1 / (1 + Math.Exp(-(s + 0.9 / certainty * World.Normal(random)))))]);
            return Gate.Decide(Binary, TextColumn.From("y", signal.Select(s => random.NextDouble() < 1 / (1 + Math.Exp(-s)) ? "yes" : "no")), Follow(candidate), Follow(champion), options, (ulong)random.Next()).Verdict;
        }

        double[] truth = World.Draw("skewed", random, n);
        Predictions Near(double error) => new([.. truth.Select(y => (float)(y + error * World.Normal(random)))], 1);
        return Gate.Decide(Regression, new NumericColumn("y", truth), Near(candidate), Near(champion), options, (ulong)random.Next()).Verdict;
    }

    /// <summary>Two models with the given accuracy or AUC, half of whose noise is common.</summary>
    private static GateVerdict Classes(Random random, string metric, int n, double candidate, double champion, double positives, GateOptions options)
    {
        bool[] truth = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() < positives)];
        double[] common = World.Draw("normal", random, n);
        double[] Scores(double quality) => [.. truth.Select((t, i) =>
        {
            // Noise of variance 1: right with chance Φ(d) around a threshold in the middle, and ordered rightly with chance Φ(d·√2) at half the distance.
            double noise = Math.Sqrt(0.5) * (common[i] + World.Normal(random)), d = metric == "accuracy" ? Normal.Quantile(quality) : Normal.Quantile(quality) / Math.Sqrt(2);
            return Normal.Cdf((t ? d : -d) + noise);
        })];
        return Gate.Decide(Binary, TextColumn.From("y", truth.Select(t => t ? "yes" : "no")), Two(Scores(candidate)), Two(Scores(champion)), options, (ulong)random.Next()).Verdict;
    }

    private static Predictions Two(double[] p) => new([.. p.SelectMany(v => new[] { (float)(1 - v), (float)v })], 2);

    private static (double[] First, double[] Second, bool[] Labels) Scores(Random random, int n)
    {
        double[] first = new double[n], second = new double[n];
        bool[] labels = new bool[n];
        for (int i = 0; i < n; i++)
        {
            labels[i] = random.NextDouble() < 0.3;
            double common = World.Normal(random) + (labels[i] ? 1 : 0);
            first[i] = common + World.Normal(random);
            second[i] = common + World.Normal(random);
        }

        return (first, second, labels);
    }
}
