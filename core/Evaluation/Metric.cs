using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>A metric by name.</summary>
internal sealed record Metric(string Name, bool HigherIsBetter, Func<LearningTask, bool> Applies, Func<ScoredRows, WeightedMetric> Of)
{
    /// <summary>Probabilities below this count as this in the log loss, so that one certain mistake does not cost infinity.</summary>
    public const double LeastProbability = 1e-15;

    private const int CalibrationBins = 15;

    private static readonly Func<LearningTask, bool> Classification = task => task.Classifies;
    private static readonly Func<LearningTask, bool> Regression = task => task.Kind == TaskKind.Regression;
    private static readonly Func<LearningTask, bool> Quantile = task => task is { Kind: TaskKind.Regression, Quantile: not null };
    private static readonly Func<LearningTask, bool> Ranking = task => task.Kind != TaskKind.Regression;
    private static readonly Func<LearningTask, bool> Binary = task => task.Kind == TaskKind.Binary;

    /// <summary>All metrics, in the order of reports.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("logLoss", false, Classification, rows => new MeanMetric(RowLosses(rows))),
        new("accuracy", true, Classification, rows => PerRow(rows, i => rows.Best(i) == rows.Classes[i] ? 1 : 0)),
        new("balancedAccuracy", true, Classification, rows => Confusion(rows, m => m.BalancedAccuracy)),
        new("rocAuc", true, Ranking, rows => Rank(rows, false)),
        new("prAuc", true, Ranking, rows => Rank(rows, true)),
        new("f1", true, Binary, rows => Confusion(rows, m => double.IsNaN(m.F1(1)) ? 0 : m.F1(1))),
        new("f1Macro", true, Classification, rows => Confusion(rows, m => m.F1Macro)),
        new("f1Weighted", true, Classification, rows => Confusion(rows, m => m.F1Weighted)),
        new("mcc", true, Classification, rows => Confusion(rows, m => m.Matthews)),
        new("brier", false, Classification, rows => PerRow(rows, i => Brier(rows, i))),
        new("calibrationError", false, Classification, Calibration),
        new("rmse", false, Regression, rows => new MeanMetric(Errors(rows, e => e * e), Math.Sqrt)),
        new("mae", false, Regression, rows => new MeanMetric(Errors(rows, Math.Abs))),
        new("pinball", false, Quantile, rows => new MeanMetric(Pinball(rows))),
        new("mape", false, Regression, rows => PerRow(rows, i => rows.Answers[i] == 0 ? double.NaN : Math.Abs((rows.Scores(i)[0] - rows.Answers[i]) / rows.Answers[i]))),
        new("r2", true, Regression, rows => new R2Metric(rows.Answers, [.. Enumerable.Range(0, rows.Count).Select(i => (double)rows.Scores(i)[0])])),
    ];

    /// <summary>The metric of that name.</summary>
    /// <exception cref="ArgumentException">There is none, or it does not apply to the task.</exception>
    public static Metric Named(string name, LearningTask? task = null)
    {
        IEnumerable<Metric> known = All.Where(m => task is null || m.Applies(task));
        return known.FirstOrDefault(m => m.Name == name)
            ?? throw new ArgumentException($"There is no metric '{name}'{(task is null ? "" : $" for a {task.Kind} task")}; expected one of: {string.Join(", ", known.Select(m => m.Name))}.", nameof(name));
    }

    /// <summary>The loss of every row: log loss, squared error (pinball loss when a quantile is asked for), or how far an anomaly score is from the truth.</summary>
    public static double[] RowLosses(ScoredRows rows) => rows.Task.Kind switch
    {
        TaskKind.Regression when rows.Task.Quantile is not null => Pinball(rows),
        TaskKind.Regression => Errors(rows, e => e * e),
        TaskKind.Anomaly => [.. Enumerable.Range(0, rows.Count).Select(i => (double)Math.Abs(rows.Classes[i] - rows.Scores(i)[0]))],
        _ => [.. Enumerable.Range(0, rows.Count).Select(i => -Math.Log(Math.Clamp(rows.Scores(i)[rows.Classes[i]], LeastProbability, 1)))],
    };

    private static MeanMetric PerRow(ScoredRows rows, Func<int, double> value) => new([.. Enumerable.Range(0, rows.Count).Select(value)]);

    private static double[] Errors(ScoredRows rows, Func<double, double> cost) => [.. Enumerable.Range(0, rows.Count).Select(i => cost(rows.Scores(i)[0] - rows.Answers[i]))];

    private static double[] Pinball(ScoredRows rows)
    {
        double quantile = rows.Task.Quantile!.Value;
        return Errors(rows, e => Math.Max(-quantile * e, (1 - quantile) * e));
    }

    private static ConfusionMetric Confusion(ScoredRows rows, Func<ConfusionMatrix, double> function) =>
        new(rows.Classes, [.. Enumerable.Range(0, rows.Count).Select(rows.Best)], rows.Task.Classes.Count, function);

    private static double Brier(ScoredRows rows, int i)
    {
        ReadOnlySpan<float> p = rows.Scores(i);
        if (p.Length == 2)
        {
            double error = p[1] - rows.Classes[i];
            return error * error;
        }

        double sum = 0;
        for (int c = 0; c < p.Length; c++)
        {
            double error = p[c] - (rows.Classes[i] == c ? 1 : 0);
            sum += error * error;
        }

        return sum;
    }

    private static WeightedMetric Rank(ScoredRows rows, bool precision)
    {
        RankMetric Against(int c) => new(
            [.. Enumerable.Range(0, rows.Count).Select(i => rows.Scores(i)[Math.Min(c, rows.Task.Width - 1)])], [.. rows.Classes.Select(t => t == c)], precision);
        return rows.Task.Classes.Count == 2 ? Against(1) : new AverageMetric([.. Enumerable.Range(0, rows.Task.Classes.Count).Select(Against)]);
    }

    private static CalibrationMetric Calibration(ScoredRows rows)
    {
        bool binary = rows.Task.Kind == TaskKind.Binary;
        return new CalibrationMetric(
            [.. Enumerable.Range(0, rows.Count).Select(i => (double)rows.Scores(i)[binary ? 1 : rows.Best(i)])],
            [.. Enumerable.Range(0, rows.Count).Select(i => rows.Classes[i] == (binary ? 1 : rows.Best(i)))],
            CalibrationBins);
    }
}
