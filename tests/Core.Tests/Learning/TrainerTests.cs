using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Xunit;

namespace Mlops.Core.Tests.Learning;

public class TrainerTests
{
    private static readonly Dictionary<string, double> NoParameters = [];

    [Theory]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.MultiClass)]
    [InlineData(TaskKind.Regression)]
    public void CrossValidate_InformativeFeatures_BeatTheBaseline(TaskKind kind)
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(5, kind, rows: 800);
        int[] folds = [.. Enumerable.Range(0, train.RowCount).Select(i => i % 4)];
        string metric = Core.Evaluation.Metrics.Primary(task);
        CrossValidation Run(string trainer) => Trainer.CrossValidate(train, task, new CandidateSpec(trainer, NoParameters), folds, 1, null, TestContext.Current.CancellationToken);

        CrossValidation baseline = Run("baseline");

        Assert.Equal(4, baseline.Folds.Count);
        Assert.True(baseline.StandardError[metric] > 0);
        Assert.True(Run("linear").Mean[metric] < baseline.Mean[metric]);
        Assert.True(Run("boosting").Mean[metric] < baseline.Mean[metric]);
    }

    [Fact]
    public void MeasureFold_FoldByFold_IsTheCrossValidation()
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(6, TaskKind.Binary, rows: 300);
        int[] folds = [.. Enumerable.Range(0, train.RowCount).Select(i => i % 3)];
        CandidateSpec spec = new("boosting", new Dictionary<string, double> { ["iterations"] = 20 });
        CrossValidation whole = Trainer.CrossValidate(train, task, spec, folds, 1, null, TestContext.Current.CancellationToken);

        FoldResult[] results = [.. Enumerable.Range(0, 3).Select(fold => Trainer.MeasureFold(train, task, spec, folds, fold, 1, null, TestContext.Current.CancellationToken)!)];

        Assert.Equal(whole.Mean, CrossValidation.Of(task, results).Mean);
        Assert.Equal(whole.StandardError, CrossValidation.Of(task, results).StandardError);
        Assert.Equal(Enumerable.Repeat(100, 3), results.Select(result => result.Rows));
    }

    /// <summary>A fit is many: one that finds the number of iterations, one on all rows, and two per fold of the calibration. Stopped anywhere in them, it goes on where it was.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(20)]
    public void Fit_StoppedAfterSomeCheckpoints_GoesOnAndEndsWithTheSameModel(int checkpoints)
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(7, TaskKind.Binary, rows: 400);
        CandidateSpec spec = new("boosting", new Dictionary<string, double> { ["iterations"] = 40, ["learningRate"] = 0.02, ["calibration"] = 1 });
        int all = 0;
        string expected = Trainer.Fit(train, task, spec, 3, null, TestContext.Current.CancellationToken, 1, new TrainingCheckpoints(_ => null, _ => all++)).ToJson();
        Assert.InRange(checkpoints, 1, all - 1);

        using CancellationTokenSource kill = new();
        Dictionary<string, byte[]> kept = [];
        int left = checkpoints;
        TrainingCheckpoints first = new(_ => null, checkpoint =>
        {
            kept[checkpoint.Fingerprint] = checkpoint.Serialize();
            if (--left == 0)
            {
                kill.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(train, task, spec, 3, null, kill.Token, 1, first));

        int again = 0;
        TrainingCheckpoints second = new(fingerprint => kept.TryGetValue(fingerprint, out byte[]? bytes) ? BoostingCheckpoint.Deserialize(bytes) : null, _ => again++);
        Assert.Equal(expected, Trainer.Fit(train, task, spec, 3, null, TestContext.Current.CancellationToken, 2, second).ToJson());

        // Every checkpoint of the second attempt is one that the first did not reach.
        Assert.Equal(all - checkpoints, again);
    }

    [Fact]
    public void CrossValidate_ClassOnlyInOneFold_GivesFiniteLogLoss()
    {
        Random random = new(1);
        double[] x = [.. Enumerable.Range(0, 120).Select(_ => random.NextDouble())];
        TextColumn y = TextColumn.From("y", x.Select((v, i) => i < 6 ? "rare" : v > 0.5 ? "high" : "low"));
        DataTable train = new([new NumericColumn("x", x), y]);
        LearningTask task = new(TaskKind.MultiClass, "y", ["low", "high", "rare"], ["x"]);
        int[] folds = [.. Enumerable.Range(0, 120).Select(i => i < 6 ? 0 : i % 3)];
        foreach (string trainer in RandomTables.Trainers)
        {
            CrossValidation result = Trainer.CrossValidate(train, task, new CandidateSpec(trainer, NoParameters), folds, 1, null, TestContext.Current.CancellationToken);

            Assert.True(double.IsFinite(result.Mean["logLoss"]), trainer);
        }
    }

    [Fact]
    public void CrossValidate_BinaryFoldsOfOneClassEach_StillMeasures()
    {
        DataTable train = new([new NumericColumn("x", [1, 2, 3, 4]), TextColumn.From("y", ["a", "a", "b", "b"])]);
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["x"]);
        foreach (string trainer in RandomTables.Trainers)
        {
            CrossValidation result = Trainer.CrossValidate(train, task, new CandidateSpec(trainer, NoParameters), [0, 0, 1, 1], 1, null, TestContext.Current.CancellationToken);

            Assert.Equal(0, result.Mean["accuracy"]);
            Assert.True(double.IsNaN(result.Mean["rocAuc"]));
        }
    }

    [Fact]
    public void CrossValidate_NegativeFold_LeavesTheRowOut()
    {
        DataTable train = new([new NumericColumn("x", [1, 2, 3, 4, 5]), new NumericColumn("y", [1, 1, 1, 1, 1000])]);
        LearningTask task = new(TaskKind.Regression, "y", [], ["x"]);

        CrossValidation result = Trainer.CrossValidate(train, task, new CandidateSpec("baseline", NoParameters), [0, 1, 0, 1, -1], 1, null, TestContext.Current.CancellationToken);

        Assert.Equal(0, result.Mean["rmse"]);
    }

    [Fact]
    public void Fit_MissingTargets_AreLeftOut()
    {
        DataTable train = new([new NumericColumn("x", [1, 2, 3]), new NumericColumn("y", [4, double.NaN, 6])]);

        FittedModel model = Trainer.Fit(train, new LearningTask(TaskKind.Regression, "y", [], ["x"]), new CandidateSpec("baseline", NoParameters), 1, null, TestContext.Current.CancellationToken);

        Assert.Equal(5, model.Predict(train).Scores[0]);
    }

    [Fact]
    public void Fit_ProgressWanted_ReportsLossPerIteration()
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(1, TaskKind.Binary);
        Collected progress = new();

        Trainer.Fit(train, task, new CandidateSpec("boosting", new Dictionary<string, double> { ["iterations"] = 7, ["earlyStoppingRounds"] = 0 }), 1, progress, TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], progress.Points.Where(p => p.Name == "train.loss").Select(p => p.Step));
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(1, TaskKind.Binary);

        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(train, task, new CandidateSpec("boosting", NoParameters), 1, null, new CancellationToken(true)));
    }

    [Fact]
    public void Fit_NothingToLearnFrom_SaysWhy()
    {
        DataTable train = new([new NumericColumn("x", [1, 2]), new NumericColumn("y", [double.NaN, double.NaN])]);
        void Fit(LearningTask task) => Trainer.Fit(train, task, new CandidateSpec("linear", NoParameters), 1, null, TestContext.Current.CancellationToken);

        Assert.Contains("all 2 values are missing", Assert.Throws<ArgumentException>(() => Fit(new LearningTask(TaskKind.Regression, "y", [], ["x"]))).Message, StringComparison.Ordinal);
        Assert.Contains("no feature column", Assert.Throws<ArgumentException>(() => Fit(new LearningTask(TaskKind.Regression, "y", [], []))).Message, StringComparison.Ordinal);
        Assert.Contains("constant target", Assert.Throws<ArgumentException>(() => Fit(new LearningTask(TaskKind.Binary, "y", ["a"], ["x"]))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("magic", "x", 1, "no trainer 'magic'")]
    [InlineData("boosting", "depth", 1, "no parameter 'depth'")]
    [InlineData("boosting", "iterations", 0, "'iterations': found 0, expected a whole number in 1 … 100000")]
    [InlineData("boosting", "iterations", 1.5, "found 1.5")]
    [InlineData("linear", "strength", double.NaN, "found NaN")]
    [InlineData("baseline", "x", 1, "it has none")]
    public void Check_WrongCandidate_SaysWhatIsExpected(string trainer, string parameter, double value, string message) =>
        Assert.Contains(message, Assert.Single(Candidates.Check(new CandidateSpec(trainer, new Dictionary<string, double> { [parameter] = value }))), StringComparison.Ordinal);

    [Fact]
    public void Propose_AnySize_GivesWellFormedDistinctCandidates()
    {
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["x"]);
        foreach ((int rows, int maximum) in new[] { (1, 20), (50, 1), (50, 3), (50, 20), (500, 9), (501, 9), (5_000, 20), (5_001, 20), (int.MaxValue, 8) })
        {
            IReadOnlyList<CandidateSpec> candidates = Candidates.Propose(task, rows, 3, maximum, 1);

            Assert.Equal(maximum, candidates.Count);
            Assert.Equal("baseline", candidates[0].Trainer);
            Assert.All(candidates, c => Assert.Empty(Candidates.Check(c)));
            Assert.Equal(maximum, candidates.Select(c => c.Trainer + string.Join(',', c.Parameters)).Distinct().Count());
        }
    }

    [Fact]
    public void Propose_AClassOfFewerRowsThanALeafNeeds_IsStillLearned()
    {
        // The last ten of 2,000 rows: no leaf of 20 rows is theirs alone, and half of such a leaf is of another class.
        double[] x = [.. Enumerable.Range(0, 2000).Select(i => i / 2000.0)];
        DataTable rows = new([new NumericColumn("x", x), TextColumn.From("y", x.Select(v => v >= 0.995 ? "rare" : v < 0.3 ? "a" : "b"))]);
        LearningTask task = new(TaskKind.MultiClass, "y", ["a", "b", "rare"], ["x"]);
        IEnumerable<CandidateSpec> boosting = Candidates.Propose(task, 2000, 1, 8, 1).Where(c => c.Trainer == "boosting");

        double best = boosting.Max(spec => Trainer.Fit(rows, task, spec, 1).Predict(new DataTable([new NumericColumn("x", [0.9987])])).Row(0)[2]);

        Assert.InRange(best, 0.9, 1);
    }

    [Fact]
    public void Fit_AForest_HoldsNoClassImpossible()
    {
        // 30 rows told apart by x; the trees alone would say 0 and 1 far from the boundary.
        DataTable rows = new([new NumericColumn("x", [.. Enumerable.Range(0, 30).Select(i => (double)i)]), TextColumn.From("y", Enumerable.Range(0, 30).Select(i => i < 10 ? "a" : "b"))]);
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["x"]);
        FittedModel model = Trainer.Fit(rows, task, new CandidateSpec("forest", new Dictionary<string, double>()), 1);

        Predictions predicted = model.Predict(new DataTable([new NumericColumn("x", [-100, 100])]));

        // Two in a thousand for the shares of the classes, which the baseline's prior moves a little towards even.
        Assert.Equal(0.002 * 20 / 30, predicted.Row(0)[1], 5e-5);
        Assert.Equal(0.002 * 10 / 30, predicted.Row(1)[0], 5e-5);
        Assert.Equal(1, predicted.Row(0)[0] + predicted.Row(0)[1], 1e-6);
    }

    private sealed class Collected : IProgress<MetricPoint>
    {
        public List<MetricPoint> Points { get; } = [];

        public void Report(MetricPoint value) => Points.Add(value);
    }
}
