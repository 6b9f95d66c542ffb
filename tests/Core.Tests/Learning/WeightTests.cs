using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Features;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Calibration;
using Mlops.Core.Statistics.Gates;
using Xunit;

namespace Mlops.Core.Tests.Learning;

/// <summary>Weights of rows and classes, from the table to the model and its metrics.</summary>
public class WeightTests
{
    // Leaves by weight, not by rows, and no draws: then theory says that two equal rows are one row of weight two.
    private static readonly Dictionary<string, Dictionary<string, double>> Deterministic = new()
    {
        ["baseline"] = [],
        ["linear"] = new() { ["strength"] = 0.01 },
        ["boosting"] = new() { ["minLeafRows"] = 1, ["minLeafWeight"] = 5, ["earlyStoppingRounds"] = 0, ["iterations"] = 30, ["maxLeaves"] = 8, ["learningRate"] = 0.2 },
        ["forest"] = new() { ["bootstrap"] = 0, ["columnFraction"] = 1, ["trees"] = 3, ["maxDepth"] = 4 },
    };

    [Theory]
    [InlineData("baseline", TaskKind.Regression, 1e-5)]
    [InlineData("baseline", TaskKind.MultiClass, 1e-5)]
    [InlineData("linear", TaskKind.Regression, 1e-3)]
    [InlineData("linear", TaskKind.Binary, 1e-3)]
    [InlineData("linear", TaskKind.MultiClass, 1e-3)]
    [InlineData("boosting", TaskKind.Regression, 0.7)]
    [InlineData("boosting", TaskKind.Binary, 0.03)]
    [InlineData("forest", TaskKind.Binary, 1e-5)]
    public void Fit_RowsOfWeightTwo_LearnsWhatTwoRowsTeach(string trainer, TaskKind kind, double tolerance)
    {
        (DataTable rows, LearningTask task) = Numeric(kind, 600, i => 1 + (i % 3));
        DataTable repeated = rows.Take([.. Enumerable.Range(0, rows.RowCount).SelectMany(i => Enumerable.Repeat(i, 1 + (i % 3)))]);
        CandidateSpec spec = new(trainer, Deterministic[trainer]);

        float[] weighted = Fit(rows, task, spec).Predict(rows).Scores.ToArray();
        float[] multiplied = Fit(repeated, task with { Weight = null }, spec).Predict(rows).Scores.ToArray();
        float[] unweighted = Fit(rows, task with { Weight = null }, spec).Predict(rows).Scores.ToArray();

        // Boosting rounds derivatives at random, row by row: near-ties may fall the other way.
        Assert.InRange(Distance(weighted, multiplied), 0, tolerance);
        Assert.True(Distance(weighted, unweighted) > 10 * Distance(weighted, multiplied) || trainer == "boosting", $"{Distance(weighted, unweighted)}");
    }

    [Theory]
    [InlineData(TaskKind.Regression)]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.MultiClass)]
    public void Metrics_RowsOfWeightTwo_CountTwice(TaskKind kind)
    {
        (DataTable rows, LearningTask task) = Numeric(kind, 300, i => i % 4);
        DataTable repeated = rows.Take([.. Enumerable.Range(0, rows.RowCount).SelectMany(i => Enumerable.Repeat(i, i % 4))]);
        FittedModel model = Fit(rows, task, new CandidateSpec("linear", new Dictionary<string, double>()));

        IReadOnlyDictionary<string, double> weighted = Metrics.Of(task, rows[task.Target], model.Predict(rows), null, task.WeightsOf(rows));
        IReadOnlyDictionary<string, double> multiplied = Metrics.Of(task, repeated[task.Target], model.Predict(repeated));

        Assert.All(weighted, metric => Assert.Equal(multiplied[metric.Key], metric.Value, 1e-9));
        Assert.NotEqual(Metrics.Of(task, rows[task.Target], model.Predict(rows))[Metrics.Primary(task)], weighted[Metrics.Primary(task)], 1e-9);
    }

    [Fact]
    public void TargetEncoding_RowsOfWeightTwo_CountTwice()
    {
        Random random = new(8);
        TextColumn column = TextColumn.From("c", Enumerable.Range(0, 300).Select(_ => $"c{random.Next(20)}"));
        float[] answers = [.. Enumerable.Range(0, 300).Select(_ => (float)random.NextDouble())];
        int[] copies = [.. Enumerable.Range(0, 300).SelectMany(i => Enumerable.Repeat(i, i % 3))];
        TextColumn asked = TextColumn.From("c", [.. Enumerable.Range(0, 20).Select(c => $"c{c}"), "new"]);
        float[] Encode(TextColumn rows, TargetStatistics statistics)
        {
            float[] encoded = new float[asked.Count];
            TargetEncoding.Fit(rows, statistics, 10, 1).Encoder.Encode(asked, [encoded]);
            return encoded;
        }

        float[] weighted = Encode(column, new TargetStatistics(["y"], [answers], [.. answers.Select((_, i) => (double)(i % 3))]));
        float[] repeated = Encode((TextColumn)column.Take(copies), new TargetStatistics(["y"], [[.. copies.Select(i => answers[i])]]));
        float[] unweighted = Encode(column, new TargetStatistics(["y"], [answers]));

        Assert.All(weighted.Zip(repeated), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.True(Distance(weighted, unweighted) > 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Calibrator_RowsOfWeightTwo_CountTwice(int method)
    {
        Random random = new(9);
        float[] p = [.. Enumerable.Range(0, 900).Select(_ => (float)random.NextDouble())];
        int[] truth = [.. p.Select((v, i) => random.NextDouble() < (i % 3 == 2 ? v * v : v) ? 1 : 0)];
        int[] copies = [.. Enumerable.Range(0, 900).SelectMany(i => Enumerable.Repeat(i, i % 3))];
        Predictions Scores(IEnumerable<int> rows) => new([.. rows.SelectMany(i => new[] { 1 - p[i], p[i] })], 2);
        ProbabilityCalibrator Fit(Predictions scores, int[] classes, double[] weights) => method == 1 ? PlattCalibrator.Fit(scores, classes, weights) : IsotonicCalibrator.Fit(scores, classes, weights);
        Predictions all = Scores(Enumerable.Range(0, 900));

        float[] weighted = Fit(all, truth, [.. truth.Select((_, i) => (double)(i % 3))]).Apply(all).Scores.ToArray();
        float[] repeated = Fit(Scores(copies), [.. copies.Select(i => truth[i])], []).Apply(all).Scores.ToArray();
        float[] unweighted = Fit(all, truth, []).Apply(all).Scores.ToArray();

        // The isotonic one ends 1/(rows + 2) away from 0 and 1, and rows of different weights say a little less than as many copies.
        Assert.InRange(Distance(weighted, repeated), 0, 1e-3);
        Assert.True(Distance(weighted, unweighted) > 0.02);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_CalibratedWithWeights_SaysProbabilitiesOfTheWeightedRows(int method)
    {
        // Every "yes" counts for nine: half of the weight is "yes" though a tenth of the rows is.
        Random random = new(10);
        bool[] yes = [.. Enumerable.Range(0, 3000).Select(_ => random.NextDouble() < 0.1)];
        DataTable rows = new([new NumericColumn("a", [.. yes.Select(_ => random.NextDouble())]), TextColumn.From("y", yes.Select(v => v ? "yes" : "no")), new NumericColumn("w", [.. yes.Select(v => v ? 9.0 : 1)])]);
        LearningTask task = new(TaskKind.Binary, "y", ["no", "yes"], ["a"]) { Weight = "w" };

        Predictions predictions = Fit(rows, task, new CandidateSpec("linear", new Dictionary<string, double> { ["calibration"] = method })).Predict(rows);

        Assert.InRange(Enumerable.Range(0, predictions.Rows).Average(i => predictions.Row(i)[1]), 0.45, 0.55);
    }

    [Fact]
    public void Slices_Weights_CountRowsAndLeaveOutThoseOfWeightZero()
    {
        // The worst place of the rows has weight 0, the second worst is found; its mean loss is the weighted one.
        double[] place = [.. Enumerable.Range(0, 1200).Select(i => (double)(i % 4))];
        double[] error = [.. place.Select((v, i) => v == 0 ? 10.0 : v == 1 ? (i % 8 == 1 ? 4 : 1) : 0.1 + (i % 5 * 0.01))];
        double[] weight = [.. place.Select((v, i) => v == 0 ? 0.0 : i % 8 == 1 ? 3 : 1)];
        DataTable rows = new([TextColumn.From("place", place.Select(v => $"p{v}")), new NumericColumn("y", error), new NumericColumn("w", weight)]);
        LearningTask task = new(TaskKind.Regression, "y", [], ["place"]) { Weight = "w" };
        Predictions zeros = new(new float[1200], 1);

        IReadOnlyList<Slice> slices = Slices.Find(task, rows, zeros);

        Assert.Equal(("place = p1", true), (slices[0].Description, slices[0].Significant));
        Assert.Equal(((3 * 16) + 1) / 4.0, slices[0].Loss, 1e-9);
        Assert.DoesNotContain(slices, slice => slice.Description == "place = p0");
        Assert.Equal("place = p0", Slices.Find(task with { Weight = null }, rows, zeros)[0].Description);
        Assert.All(slices, slice => Assert.True(double.IsFinite(slice.Loss) && double.IsFinite(slice.RestLoss) && slice.PValue is >= 0 and <= 1));
    }

    [Fact]
    public void Fairness_RowsOfWeightTwo_CountTwice()
    {
        Random random = new(14);
        LearningTask task = new(TaskKind.Binary, "y", ["no", "yes"], ["x"]);
        DataTable rows = new(
        [
            TextColumn.From("y", Enumerable.Range(0, 300).Select(_ => random.Next(2) == 0 ? "yes" : "no")),
            TextColumn.From("g", Enumerable.Range(0, 300).Select(_ => random.Next(2) == 0 ? "a" : "b")),
            new NumericColumn("p", [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())]),
            new NumericColumn("w", [.. Enumerable.Range(0, 300).Select(i => (double)(i % 3))]),
        ]);
        FairnessReport Report(DataTable table, bool weighted) => Fairness.Of(
            task, table["y"], new Predictions([.. ((NumericColumn)table["p"]).Values.ToArray().SelectMany(p => new[] { (float)(1 - p), (float)p })], 2), table["g"], 1, weights: weighted ? table["w"] : null);

        FairnessReport weighted = Report(rows, true), unweighted = Report(rows, false);
        FairnessReport repeated = Report(rows.Take([.. Enumerable.Range(0, 300).SelectMany(i => Enumerable.Repeat(i, i % 3))]), false);

        Assert.Equal(repeated.OddsDifference, weighted.OddsDifference, 1e-9);
        Assert.Equal(repeated.Groups.Select(g => Math.Round(g.Accuracy, 9)).Order(), weighted.Groups.Select(g => Math.Round(g.Accuracy, 9)).Order());
        Assert.NotEqual(unweighted.OddsDifference, weighted.OddsDifference, 1e-3);
    }

    [Fact]
    public void CrossValidate_WeightZero_NeitherTeachesNorCounts()
    {
        (DataTable clean, LearningTask task) = Numeric(TaskKind.Regression, 400, _ => 1);
        double[] answers = [.. ((NumericColumn)clean["y"]).Values.ToArray().Select((y, i) => i % 5 == 0 ? 1e6 : y)];
        DataTable rows = new([clean["a"], clean["b"], new NumericColumn("y", answers), new NumericColumn("w", [.. answers.Select((_, i) => i % 5 == 0 ? 0.0 : 1)])]);
        int[] folds = [.. Enumerable.Range(0, 400).Select(i => i / 5 % 4)];

        CrossValidation result = Trainer.CrossValidate(rows, task, new CandidateSpec("linear", new Dictionary<string, double>()), folds, 1, null, TestContext.Current.CancellationToken);

        Assert.InRange(result.Mean["rmse"], 0, 20);
    }

    // Found with weights of 0 in most rows: none that counts was among those held back to decide when to stop, and the training failed.
    [Theory]
    [InlineData("baseline", 0)]
    [InlineData("linear", 1)]
    [InlineData("boosting", 0)]
    [InlineData("boosting", 1)]
    [InlineData("forest", 2)]
    public void Fit_RowsOfWeightZero_AreAsIfTheyWereNotThere(string trainer, int calibration)
    {
        Random random = new(15);
        double[] x = [.. Enumerable.Range(0, 3000).Select(_ => random.NextDouble())];
        DataTable rows = new(
        [
            new NumericColumn("x", x),
            TextColumn.From("c", x.Select((_, i) => $"c{i % 700}")),
            TextColumn.From("y", x.Select(v => v + (0.3 * random.NextDouble()) > 0.6 ? "yes" : "no")),
            new NumericColumn("w", [.. x.Select((_, i) => i % 50 == 0 ? 1.0 : 0)]),
        ]);
        LearningTask task = new(TaskKind.Binary, "y", ["no", "yes"], ["x", "c"]) { Weight = "w" };
        CandidateSpec spec = new(trainer, trainer == "baseline" ? new Dictionary<string, double>() : new() { ["calibration"] = calibration });

        FittedModel weighted = Fit(rows, task, spec);
        FittedModel without = Fit(rows.Take([.. Enumerable.Range(0, 60).Select(i => 50 * i)]), task, spec);

        Assert.Equal(without.ToJson(), weighted.ToJson());
    }

    // Found with weights that sum up to 1: beside priors and least weights, which are counted in rows, all rows were less than one.
    [Theory]
    [InlineData("baseline")]
    [InlineData("linear")]
    [InlineData("boosting")]
    [InlineData("forest")]
    public void Fit_WeightsThatAreShares_LearnsAsWithoutThem(string trainer)
    {
        (DataTable rows, LearningTask task) = Numeric(TaskKind.Binary, 600, _ => 1 / 6e20);
        CandidateSpec spec = new(trainer, new Dictionary<string, double>());

        float[] weighted = Fit(rows, task, spec).Predict(rows).Scores.ToArray();
        float[] unweighted = Fit(rows, task with { Weight = null }, spec).Predict(rows).Scores.ToArray();

        Assert.InRange(Distance(weighted, unweighted), 0, 1e-3);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(1e300)]
    public void Fit_WeightThatIsNone_SaysWhichRow(double weight)
    {
        (DataTable rows, LearningTask task) = Numeric(TaskKind.Regression, 50, i => i == 7 ? weight : 1);

        string message = Assert.Throws<ArgumentException>(() => Fit(rows, task, new CandidateSpec("linear", new Dictionary<string, double>()))).Message;

        Assert.Contains("Weight 'w', row 7", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("boosting")]
    [InlineData("forest")]
    public void Fit_ClassWeights_MoveTheProbability(string trainer)
    {
        (DataTable rows, LearningTask task) = Numeric(TaskKind.Binary, 600, _ => 1);
        CandidateSpec spec = new(trainer, Deterministic[trainer]);
        double Mean(LearningTask learned, CandidateSpec candidate)
        {
            Predictions p = Fit(rows, learned, candidate).Predict(rows);
            return Enumerable.Range(0, p.Rows).Average(i => (double)p.Row(i)[1]);
        }

        double plain = Mean(task, spec);
        double raised = Mean(task with { ClassWeights = new Dictionary<string, double> { ["yes"] = 5 } }, spec);
        double lowered = Mean(task with { ClassWeights = new Dictionary<string, double> { ["yes"] = 0.2 } }, spec);
        double balanced = Mean(task, spec with { Parameters = spec.Parameters.Append(new("balanced", 1)).ToDictionary() });

        Assert.True(lowered < plain && plain < raised, $"{lowered} {plain} {raised}");
        Assert.True(plain < 0.35, $"{plain}");
        Assert.InRange(balanced, plain + 0.02, 0.65);
    }

    [Fact]
    public void Decide_WeightsOnTheRowsWhereTheChampionIsBetter_TurnTheVerdict()
    {
        double[] y = [.. Enumerable.Range(0, 4000).Select(i => (double)(i % 10))];
        DataTable rows = new([new NumericColumn("y", y), new NumericColumn("w", [.. y.Select((_, i) => i % 4 == 0 ? 20.0 : 1)])]);
        LearningTask task = new(TaskKind.Regression, "y", [], ["x"]);
        Random random = new(1);
        Predictions candidate = new([.. y.Select((v, i) => (float)(v + ((i % 4 == 0 ? 1.5 : 0.5) * Samples.Normal(random))))], 1);
        Predictions champion = new([.. y.Select((v, i) => (float)(v + (1.0 * Samples.Normal(random))))], 1);
        GateVerdict Verdict(Column? weights) => Decide(task, rows["y"], candidate, champion, weights).Verdict;

        Assert.Equal(GateVerdict.Promote, Verdict(null));
        Assert.Equal(GateVerdict.Reject, Verdict(rows["w"]));
    }

    [Theory]
    [InlineData(Direction.Increasing, TaskKind.Binary)]
    [InlineData(Direction.Decreasing, TaskKind.Binary)]
    [InlineData(Direction.Increasing, TaskKind.Regression)]
    public void Fit_Monotone_HoldsForTenThousandRandomPairs(Direction direction, TaskKind kind)
    {
        (DataTable rows, LearningTask task) = Numeric(kind, 2000, _ => 1);
        LearningTask bound = task with { Weight = null, Monotone = new Dictionary<string, Direction> { ["a"] = direction } };
        FittedModel model = Fit(rows, bound, new CandidateSpec("boosting", new Dictionary<string, double> { ["calibration"] = 2 }));
        Random random = new(4);
        double[] from = [.. Enumerable.Range(0, 10_000).Select(_ => Samples.Normal(random) * 3)];
        double[] to = [.. from.Select(v => v + (random.NextDouble() * 3))];
        double[] other = [.. from.Select(_ => Samples.Normal(random) * 2)];
        Predictions low = model.Predict(new DataTable([new NumericColumn("a", from), new NumericColumn("b", other)]));
        Predictions high = model.Predict(new DataTable([new NumericColumn("a", to), new NumericColumn("b", other)]));

        for (int i = 0; i < 10_000; i++)
        {
            double change = high.Row(i)[^1] - low.Row(i)[^1];
            Assert.True(direction == Direction.Increasing ? change >= -1e-6 : change <= 1e-6, $"pair {i}: {from[i]} → {to[i]} moves the prediction by {change}");
        }

        // Without the promise it would not hold: the data says otherwise in places.
        Assert.True(direction == Direction.Decreasing || low.Scores.ToArray().Distinct().Count() > 10);
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("forest")]
    [InlineData("extraTrees")]
    public void Fit_MonotoneByATrainerThatCannot_IsRefused(string trainer)
    {
        (DataTable rows, LearningTask task) = Numeric(TaskKind.Regression, 50, _ => 1);
        LearningTask bound = task with { Monotone = new Dictionary<string, Direction> { ["a"] = Direction.Increasing } };

        string message = Assert.Throws<ArgumentException>(() => Fit(rows, bound, new CandidateSpec(trainer, new Dictionary<string, double>()))).Message;

        Assert.Contains("only one way with 'a' (training.monotone); expected one of: baseline, boosting", message, StringComparison.Ordinal);
        Assert.All(Candidates.Propose(bound, 500, 2, 10, 1), c => Assert.Empty(Candidates.Check(c, bound)));
    }

    private static FittedModel Fit(DataTable rows, LearningTask task, CandidateSpec spec) => Trainer.Fit(rows, task, spec, 1, null, TestContext.Current.CancellationToken);

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average());

    /// <summary>Two numeric columns, an answer that depends on both (not evenly), and a weight.</summary>
    private static (DataTable Rows, LearningTask Task) Numeric(TaskKind kind, int rows, Func<int, double> weight)
    {
        Random random = new(11);
        // One decimal: fewer values than bins, so that bins do not depend on how often a row comes.
        double[] a = [.. Enumerable.Range(0, rows).Select(_ => Math.Round(Samples.Normal(random), 1))];
        double[] b = [.. Enumerable.Range(0, rows).Select(_ => Math.Round(Samples.Normal(random), 1))];
        double[] signal = [.. Enumerable.Range(0, rows).Select(i => a[i] + Math.Sin(3 * a[i]) - (0.5 * b[i]) + (0.5 * Samples.Normal(random)) + (i % 3 == 0 ? 0.4 : 0))];
        Column y = kind switch
        {
            TaskKind.Regression => new NumericColumn("y", [.. signal.Select(s => 10 * s)]),
            TaskKind.Binary => TextColumn.From("y", signal.Select(s => s > 1 ? "yes" : "no")),
            _ => TextColumn.From("y", signal.Select(s => s > 1 ? "c" : s > -0.5 ? "b" : "a")),
        };
        string[] classes = kind switch { TaskKind.Regression => [], TaskKind.Binary => ["no", "yes"], _ => ["a", "b", "c"] };
        DataTable table = new([new NumericColumn("a", a), new NumericColumn("b", b), y, new NumericColumn("w", [.. Enumerable.Range(0, rows).Select(weight)])]);
        return (table, new LearningTask(kind, "y", classes, ["a", "b"]) { Weight = "w" });
    }

    private static GateResult Decide(LearningTask task, Column target, Predictions candidate, Predictions champion, Column? weights) =>
        Gate.Decide(task, new HoldoutRows(target) { Weights = weights }, candidate, champion, new GateOptions());
}
