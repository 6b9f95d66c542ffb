using System.Globalization;
using MathNet.Numerics.Distributions;
using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Decides whether a candidate replaces the champion.</summary>
/// <remarks>
/// Both models predict the same hold-out rows. The difference D of the metric (positive: the candidate is better, whatever the metric's direction) gets an
/// interval by paired bootstrap: each resample draws rows and measures both models on them. Both ends are one-sided bounds at α.
/// <list type="bullet">
/// <item><b>Promote</b> when every floor holds and the lower end lies above −margin.</item>
/// <item><b>Reject</b> when a floor is missed, the upper end lies at or below −margin, or the margin is 0 and both predict the same.</item>
/// <item><b>Inconclusive</b> otherwise: the champion stays, and the reason says how many more rows would tell (80 % power, normal approximation).</item>
/// </list>
/// So a candidate that is in truth not better than −margin is promoted with probability at most about α (5 % by default): with margin 0, that is one promotion in
/// twenty among candidates exactly as good as the champion, fewer among worse ones. The bound is asymptotic; the test suite measures it by simulation.
/// Without a champion the opponent is the best constant prediction for these rows (their class shares, or their mean), for forecasts the seasonal naive forecast, and
/// the margin is not used: a first model must be better than no model, by the same rule. Rows that share their errors are drawn together (<see cref="HoldoutRows.Blocks"/>).
/// </remarks>
public static class Gate
{
    private const double Power = 0.8;
    private const int MinRows = 2;

    /// <summary>A share of resamples without a value above this leaves the interval unknown.</summary>
    private const double MaxUndefined = 0.1;

    /// <summary>Compares on the same hold-out rows.</summary>
    /// <param name="task">What both predict.</param>
    /// <param name="target">The answers; rows without one are left out.</param>
    /// <param name="candidate">The candidate's predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="champion">The champion's for the same rows, or null when there is none. A champion of other classes: <see cref="PredictionAlignment"/> first.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentException">An option is out of range, a metric is unknown, or the predictions do not fit the rows.</exception>
    public static GateResult Decide(LearningTask task, Column target, Predictions candidate, Predictions? champion, GateOptions options) =>
        Decide(task, new HoldoutRows(target), candidate, champion, options);

    /// <summary>Compares on the same hold-out rows, with their weights and blocks.</summary>
    /// <param name="task">What both predict.</param>
    /// <param name="holdout">What both are compared on.</param>
    /// <param name="candidate">The candidate's predictions for these rows.</param>
    /// <param name="champion">The champion's, or null when there is none.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentException">An option is out of range, a metric is unknown, a weight is missing or negative, or the predictions do not fit the rows.</exception>
    public static GateResult Decide(LearningTask task, HoldoutRows holdout, Predictions candidate, Predictions? champion, GateOptions options)
    {
        ArgumentNullException.ThrowIfNull(holdout);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        Require(task, options);
        ScoredRows rows = ScoredRows.Of(task, holdout.Target, candidate, weights: holdout.Weights);
        ScoredRows opponent = ScoredRows.Of(task, holdout.Target, champion ?? holdout.Naive ?? BestConstant(rows, holdout.Target.Count), weights: holdout.Weights);
        Draws draws = new(rows, holdout.Blocks);
        Metric metric = Metric.Named(options.Metric ?? Metrics.Primary(task.Kind), task.Kind);
        double margin = champion is null ? 0 : options.Margin;

        // 1. The two values, and how far apart they lie over resamples.
        WeightedMetric ours = metric.Of(rows);
        WeightedMetric theirs = metric.Of(opponent);
        double value = ours.Value(rows.Weights);
        double theirValue = theirs.Value(rows.Weights);
        double sign = metric.HigherIsBetter ? 1 : -1;
        double difference = sign * (value - theirValue);
        double[] resampled = draws.Count < MinRows ? [] : Bootstrap.Resample(draws.Count, options.Resamples, options.Seed, counts =>
        {
            double[] weights = draws.Weigh(counts);
            return sign * (ours.Value(weights) - theirs.Value(weights));
        });
        bool known = resampled.Length >= options.Resamples * (1 - MaxUndefined) && draws.Count >= MinRows;
        (double lower, double upper) = known ? Bootstrap.Bounds(resampled, draws.Count, options.Alpha) : (double.NaN, double.NaN);

        // 2. Floors first, then the interval.
        List<string> reasons = [];
        bool floorsHold = CheckFloors(options, rows, reasons);
        GateVerdict compared = Compare(new Comparison(metric.Name, champion is not null ? "champion" : holdout.Naive is null ? "best constant prediction" : "seasonal naive forecast", rows.Count, value, theirValue, difference, lower, upper, margin, options, resampled), reasons);
        return new GateResult(
            floorsHold ? compared : GateVerdict.Reject,
            metric.Name,
            value,
            champion is null ? null : theirValue,
            double.IsNaN(difference) ? null : difference,
            known ? lower : null,
            known ? upper : null,
            rows.Count,
            resampled.Length,
            reasons);
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
            Metric.Named(name, task.Kind);
        }
    }

    private static ArgumentException Wrong(string name, double found, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Gate option '{name}': found {found:R}, expected {expected}."));

    private static bool CheckFloors(GateOptions options, ScoredRows rows, List<string> reasons)
    {
        bool hold = true;
        foreach ((string name, double floor) in options.Floors.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            Metric metric = Metric.Named(name, rows.Task.Kind);
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

    private static GateVerdict Compare(Comparison c, List<string> reasons)
    {
        string values = $"{c.Metric} {Show(c.Candidate)} against the {c.OpponentName}'s {Show(c.Opponent)} on {Count(c.Rows)} rows";
        if (double.IsNaN(c.Lower))
        {
            reasons.Add($"{values}: too few rows, or too few of a class, to compare. Add hold-out rows.");
            return GateVerdict.Inconclusive;
        }

        string interval = $"{values}: better by {Show(c.Difference)}, interval {Show(c.Lower)} … {Show(c.Upper)} (each end wrong in at most {Show(c.Options.Alpha * 100)} % of cases)";
        string bar = c.Margin > 0 ? $"−{Show(c.Margin)} (the margin)" : "0";
        if (c.Margin == 0 && c.Lower == 0 && c.Upper == 0)
        {
            reasons.Add($"{values}: both do equally well on every resample, so there is nothing to gain.");
            return GateVerdict.Reject;
        }

        if (c.Lower > -c.Margin)
        {
            reasons.Add($"{interval}; all of it lies above {bar}.");
            return GateVerdict.Promote;
        }

        if (c.Upper <= -c.Margin)
        {
            reasons.Add($"{interval}; none of it lies above {bar}.");
            return GateVerdict.Reject;
        }

        reasons.Add($"{interval}; it contains {bar}. {MoreRows(c)}");
        return GateVerdict.Inconclusive;
    }

    private static string MoreRows(Comparison c)
    {
        double mean = c.Resampled.Average();
        double error = Math.Sqrt(c.Resampled.Sum(d => (d - mean) * (d - mean)) / c.Resampled.Length);
        double z = Normal.InvCDF(0, 1, 1 - c.Options.Alpha) + Normal.InvCDF(0, 1, Power);
        double needed = Math.Ceiling(c.Rows * Math.Pow(z * error / Math.Abs(c.Difference + c.Margin), 2)) - c.Rows;
        return needed < 1e9
            ? $"If the difference is real, it needs about {Count((long)Math.Max(1, needed))} more rows to tell."
            : "The two are so alike that no realistic number of rows would tell.";
    }

    /// <summary>The class shares (or the mean) of these rows, for every row of the target.</summary>
    private static Predictions BestConstant(ScoredRows rows, int count)
    {
        int width = rows.Task.Width;
        float[] constant = new float[width];
        double total = rows.Weights.Sum();
        if (rows.Task.Kind == TaskKind.Regression)
        {
            constant[0] = total > 0 ? (float)(Enumerable.Range(0, rows.Count).Sum(i => rows.Weights[i] * rows.Answers[i]) / total) : 0;
        }
        else if (rows.Task.Classifies)
        {
            for (int c = 0; c < width; c++)
            {
                constant[c] = total > 0 ? (float)(Enumerable.Range(0, rows.Count).Where(i => rows.Classes[i] == c).Sum(i => rows.Weights[i]) / total) : 1f / width;
            }
        }

        float[] scores = new float[count * width];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = constant[i % width];
        }

        return new Predictions(scores, width);
    }

    private static string Show(double value) => value.ToString("0.#####", CultureInfo.InvariantCulture);

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Comparison(
        string Metric, string OpponentName, int Rows, double Candidate, double Opponent, double Difference, double Lower, double Upper, double Margin, GateOptions Options, double[] Resampled);
}
