using System.Globalization;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Statistics.Experiments;
using Mlops.Core.Statistics.Gates;

namespace Mlops.Core.Evaluation;

/// <summary>Decides whether a candidate replaces the champion.</summary>
/// <remarks>
/// Both models predict the same hold-out rows. The difference of the metric (positive: the candidate is better, whatever the metric's direction) gets two one-sided bounds at α, and
/// <see cref="GateRule"/> judges them; a floor that is missed rejects. The bounds come from
/// <list type="bullet">
/// <item><b>accuracy</b>: McNemar's test as a score interval (<see cref="McNemar.Bounds"/>), which holds for few rows too.</item>
/// <item><b>rocAuc</b> of two classes: DeLong's variance (<see cref="DeLong"/>), from ten rows of each class on.</item>
/// <item><b>every other metric</b>, and rows with weights or blocks: the paired bootstrap (<see cref="Bootstrap"/>).</item>
/// </list>
/// So a candidate that is in truth not better than −margin is promoted with probability at most about α (5 % by default): with margin 0, that is one promotion in
/// twenty among candidates exactly as good as the champion, fewer among worse ones. The bounds are asymptotic; the test suite measures them by simulation.
/// Without a champion the opponent is the best constant prediction for these rows (<see cref="BestConstant"/>), for forecasts the seasonal naive forecast, and
/// the margin is not used: a first model must be better than no model, by the same rule. Rows that share their errors are drawn together (<see cref="HoldoutRows.Blocks"/>).
/// </remarks>
public static class Gate
{
    /// <summary>Compares on the same hold-out rows.</summary>
    /// <param name="task">What both predict.</param>
    /// <param name="target">The answers; rows without one are left out.</param>
    /// <param name="candidate">The candidate's predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="champion">The champion's for the same rows, or null when there is none. A champion of other classes: <see cref="PredictionAlignment"/> first.</param>
    /// <param name="options">Settings.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <exception cref="ArgumentException">An option is out of range, a metric is unknown, or the predictions do not fit the rows.</exception>
    public static GateResult Decide(LearningTask task, Column target, Predictions candidate, Predictions? champion, GateOptions options, ulong seed = 0) =>
        Decide(task, new HoldoutRows(target), candidate, champion, options, seed);

    /// <summary>Compares on the same hold-out rows, with their weights and blocks.</summary>
    /// <param name="task">What both predict.</param>
    /// <param name="holdout">What both are compared on.</param>
    /// <param name="candidate">The candidate's predictions for these rows.</param>
    /// <param name="champion">The champion's, or null when there is none.</param>
    /// <param name="options">Settings.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <exception cref="ArgumentException">An option is out of range, a metric is unknown, a weight is missing or negative, or the predictions do not fit the rows.</exception>
    public static GateResult Decide(LearningTask task, HoldoutRows holdout, Predictions candidate, Predictions? champion, GateOptions options, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(holdout);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        Require(task, options);
        Metric metric = Metric.Named(options.MetricOf(task), task);
        ScoredRows rows = ScoredRows.Of(task, holdout.Target, candidate, weights: holdout.Weights);
        ScoredRows opponent = ScoredRows.Of(task, holdout.Target, champion ?? holdout.Naive ?? BestConstant.Of(rows, metric.Name, holdout.Target.Count), weights: holdout.Weights);
        Draws draws = new(rows, holdout.Blocks);

        // 1. The two values, and how far apart they may lie. The tests of one metric are for rows that count alike and are drawn one by one.
        WeightedMetric ours = metric.Of(rows), theirs = metric.Of(opponent);
        double value = ours.Value(rows.Weights), theirValue = theirs.Value(rows.Weights), sign = metric.HigherIsBetter ? 1 : -1, difference = sign * (value - theirValue);
        bool alike = draws.AreRows && holdout.Weights is null;
        bool exact = alike && metric.Name == "accuracy", ranks = alike && metric.Name == "rocAuc" && task.Kind == TaskKind.Binary;
        (double lower, double upper) = draws.Count < GateRule.FewestRows(options.Alpha) ? (double.NaN, double.NaN)
            : exact ? OfAccuracy(rows, opponent, options.Alpha)
            : ranks ? OfRanks(rows, opponent, options.Alpha)
            : Bootstrap.Bounds(draws.Count, Difference, options.Alpha, options.Resamples, seed);

        // 2. Floors first, then the interval.
        List<string> reasons = [];
        bool floorsHold = CheckFloors(options, rows, reasons);
        GateDecision decision = GateRule.Decide(difference, lower, upper, rows.Count, champion is null ? 0 : options.Margin, options.Alpha);
        string opponentName = champion is not null ? "champion" : holdout.Naive is null ? "best constant prediction" : "seasonal naive forecast";
        reasons.Add($"{metric.Name} {Show(value)} against the {opponentName}'s {Show(theirValue)} on {Count(rows.Count)} rows: {decision.Reason}");
        return new GateResult(
            floorsHold ? decision.Verdict : GateVerdict.Reject,
            metric.Name,
            value,
            champion is null ? null : theirValue,
            double.IsNaN(difference) ? null : difference,
            double.IsNaN(lower) ? null : lower,
            double.IsNaN(upper) ? null : upper,
            rows.Count,
            exact || ranks ? 0 : options.Resamples,
            reasons)
        {
            Method = exact ? "McNemar" : ranks ? "DeLong" : "paired bootstrap",
        };

        double Difference(int[] counts)
        {
            double[] weights = draws.Weigh(counts);
            return sign * (ours.Value(weights) - theirs.Value(weights));
        }
    }

    private static void Require(LearningTask task, GateOptions options)
    {
        if (!(options.Margin >= 0) || double.IsInfinity(options.Margin))
        {
            throw Wrong("margin", options.Margin, "a finite number ≥ 0");
        }

        if (!(options.Alpha > 0 && options.Alpha < 0.5))
        {
            throw Wrong("alpha", options.Alpha, "a number inside (0, 0.5)");
        }

        if (options.Resamples is < 1000 or > 100_000)
        {
            throw Wrong("resamples", options.Resamples, "1,000 … 100,000");
        }

        foreach (string name in options.Floors.Keys)
        {
            Metric.Named(name, task);
        }
    }

    private static ArgumentException Wrong(string name, double found, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Gate option '{name}': found {found:R}, expected {expected}."));

    private static bool CheckFloors(GateOptions options, ScoredRows rows, List<string> reasons)
    {
        bool hold = true;
        foreach ((string name, double floor) in options.Floors.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            Metric metric = Metric.Named(name, rows.Task);
            double value = metric.Of(rows).Value(rows.Weights);

            // Written so that a metric that is not defined misses its floor.
            if (!(metric.HigherIsBetter ? value >= floor : value <= floor))
            {
                hold = false;
                reasons.Add($"The candidate's {name} is {Show(value)}; the floor asks for {(metric.HigherIsBetter ? "at least" : "at most")} {Show(floor)}.");
            }
        }

        return hold;
    }

    private static (double Lower, double Upper) OfAccuracy(ScoredRows rows, ScoredRows opponent, double alpha)
    {
        long onlyOurs = 0, onlyTheirs = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            bool ours = rows.Best(i) == rows.Classes[i], theirs = opponent.Best(i) == rows.Classes[i];
            onlyOurs += ours && !theirs ? 1 : 0;
            onlyTheirs += theirs && !ours ? 1 : 0;
        }

        return McNemar.Bounds(onlyOurs, onlyTheirs, rows.Count, alpha);
    }

    private static (double Lower, double Upper) OfRanks(ScoredRows rows, ScoredRows opponent, double alpha)
    {
        bool[] positive = [.. rows.Classes.Select(c => c == 1)];
        int positives = positive.Count(p => p);
        if (Math.Min(positives, rows.Count - positives) < DeLong.MinimumOfEachClass)
        {
            return (double.NaN, double.NaN);
        }

        (_, double lower, double upper, _) = DeLong.Compare(Scores(rows), Scores(opponent), positive, 2 * alpha);
        return (lower, upper);

        static double[] Scores(ScoredRows scored) => [.. Enumerable.Range(0, scored.Count).Select(i => (double)scored.Scores(i)[1])];
    }

    private static string Show(double value) => value.ToString("0.#####", CultureInfo.InvariantCulture);

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
