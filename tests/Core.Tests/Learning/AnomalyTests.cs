using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Compression;
using Xunit;

namespace Mlops.Core.Tests.Learning;

public class AnomalyTests
{
    private static readonly CandidateSpec Forest = new("isolationForest", new Dictionary<string, double>());

    [Fact]
    public void Fit_RowsFarOut_AreAnomalousAndScoreHighest()
    {
        (DataTable rows, LearningTask task) = Rows(1000, 1, far: 10);
        FittedModel model = Fit(rows, task, Forest);

        Predictions scores = model.Predict(rows);

        int[] worst = [.. Enumerable.Range(0, 1000).OrderByDescending(i => scores.Row(i)[0]).Take(10)];
        Assert.True(worst.Count(i => i < 10) >= 9, string.Join(", ", worst));
        Assert.All(worst, i => Assert.Equal(1, model.Label(scores, i)));
        Assert.All(scores.Scores.ToArray(), s => Assert.InRange(s, 0, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    [InlineData(0.1)]
    public void Fit_Contamination_IsTheShareOfTrainingRowsThatAreAnomalous(double contamination)
    {
        (DataTable rows, LearningTask task) = Rows(2000, 2);
        FittedModel model = Fit(rows, task, new CandidateSpec("isolationForest", new Dictionary<string, double> { ["contamination"] = contamination }));

        Predictions scores = model.Predict(rows);

        Assert.Equal(contamination, Enumerable.Range(0, 2000).Count(i => model.Label(scores, i) == 1) / 2000.0, 0.002);
    }

    [Fact]
    public void CrossValidate_Detector_BeatsTheBaselineWhichIsAtOneHalf()
    {
        (DataTable rows, LearningTask task) = Rows(800, 3);
        int[] folds = [.. Enumerable.Range(0, 800).Select(i => i % 4)];
        CrossValidation Run(string trainer) => Trainer.CrossValidate(rows, task, new CandidateSpec(trainer, new Dictionary<string, double>()), folds, 1, null, TestContext.Current.CancellationToken);

        Assert.Equal(0.5, Run("baseline").Mean["rocAuc"], 1e-12);
        CrossValidation forest = Run("isolationForest");
        Assert.InRange(forest.Mean["rocAuc"], 0.65, 1);
        Assert.Equal(["rocAuc", "prAuc"], forest.Mean.Keys);
        Assert.Equal("rocAuc", Metrics.Primary(new LearningTask(TaskKind.Anomaly, "a", [], [])));
    }

    [Theory]
    [InlineData("isolationForest")]
    [InlineData("baseline")]
    public void ToOnnx_Detector_AgreesOnEveryRowAndLabel(string trainer)
    {
        (DataTable rows, LearningTask task) = Rows(500, 4, far: 5);
        FittedModel model = Fit(rows, task, new CandidateSpec(trainer, new Dictionary<string, double>()));
        FittedModel read = FittedModel.FromJson(model.ToJson());
        using OnnxModel onnx = new(read.ToOnnx(new Dictionary<string, string>()));

        (string[]? labels, Predictions found) = onnx.Run(model, rows);

        Predictions expected = model.Predict(rows);
        Assert.Equal(["label", "score"], onnx.Session.OutputNames);
        for (int i = 0; i < rows.RowCount; i++)
        {
            Assert.Equal(expected.Row(i)[0], found.Row(i)[0], 1e-6);
            Assert.Equal(task.Classes[model.Label(found, i)], labels![i]);
        }
    }

    [Theory]
    [InlineData(CompressionMethod.Float16)]
    [InlineData(CompressionMethod.Pruned)]
    [InlineData(CompressionMethod.Distilled)]
    public void Compress_Detector_KeepsItAndSaysWhy(CompressionMethod method)
    {
        (DataTable rows, LearningTask task) = Rows(200, 8);
        DataTable both = SyntheticAnomalies.AddTo(rows, task, 1);
        FittedModel model = Fit(rows, task, Forest);

        (FittedModel used, CompressionReport report) = Compressor.Compress(model, both, [.. Enumerable.Range(0, both.RowCount).Select(i => i % 2)], both, method, "rocAuc", 0.5, 1);

        Assert.Same(model, used);
        Assert.False(report.Applied);
        Assert.Contains("not compressed", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_AnyThreadCount_SameModel()
    {
        (DataTable rows, LearningTask task) = Rows(500, 5);
        string Json(int threads) => Trainer.Fit(rows, task, Forest, 9, null, TestContext.Current.CancellationToken, threads).ToJson();

        Assert.Equal(Json(1), Json(4));
    }

    [Fact]
    public void AddTo_AnyRows_KeepsThemAndReplacesAThirdOfTheColumnsOfTheirCopies()
    {
        (DataTable rows, LearningTask task) = Rows(300, 6);

        DataTable both = SyntheticAnomalies.AddTo(rows, task, 1);

        Assert.Equal(600, both.RowCount);
        for (int i = 0; i < 300; i++)
        {
            int changed = task.Features.Count(name => both[name].Text(300 + i) != rows[name].Text(i));
            Assert.All(task.Features, name => Assert.Equal(rows[name].Text(i), both[name].Text(i)));
            Assert.InRange(changed, 0, 2);
            Assert.Equal((SyntheticAnomalies.Ordinary, SyntheticAnomalies.Anomalous), (both["anomaly"].Text(i), both["anomaly"].Text(300 + i)));
        }

        Assert.Equal(Texts(both), Texts(SyntheticAnomalies.AddTo(rows, task, 1)));
        Assert.NotEqual(Texts(both), Texts(SyntheticAnomalies.AddTo(rows, task, 2)));
    }

    [Fact]
    public void Resolve_Anomaly_LearnsFromAllColumnsButTheLabels()
    {
        (DataTable rows, _) = Rows(100, 7);
        DataTable labelled = new([.. rows.Columns, TextColumn.From("anomaly", Enumerable.Range(0, 100).Select(i => i == 0 ? "anomalous" : "ordinary"))]);
        ModelConfiguration configuration = ModelConfiguration.Parse("task: anomaly").Configuration!;

        TaskResolution resolution = TaskResolver.Resolve(labelled, configuration);

        Assert.Equal(TaskKind.Anomaly, resolution.Task!.Kind);
        Assert.Equal(["x", "y", "count", "kind"], resolution.Task.Features);
        Assert.Equal(100, resolution.Rows.Count);
        Assert.All(Candidates.Propose(resolution.Task, 100, 4, 8, 1), c => Assert.Empty(Candidates.Check(c, resolution.Task)));
        Assert.Contains("does not learn anomalies", Assert.Single(Candidates.Check(new CandidateSpec("boosting", new Dictionary<string, double>()), resolution.Task)), StringComparison.Ordinal);
    }

    private static FittedModel Fit(DataTable rows, LearningTask task, CandidateSpec spec) => Trainer.Fit(rows, task, spec, 1, null, TestContext.Current.CancellationToken);

    private static string Texts(DataTable table) => string.Join('\n', Enumerable.Range(0, table.RowCount).Select(i => string.Join(',', table.Columns.Select(c => c.Text(i)))));

    /// <summary>Two numbers that go together, a count and a category; the first rows can be far out.</summary>
    private static (DataTable Rows, LearningTask Task) Rows(int rows, int seed, int far = 0)
    {
        Random random = new(seed);
        double[] x = [.. Enumerable.Range(0, rows).Select(i => Samples.Normal(random) + (i < far ? 9 : 0))];
        double[] y = [.. x.Select((v, i) => (2 * v) + Samples.Normal(random) - (i < far ? 40 : 0))];
        double[] count = [.. x.Select(_ => (double)random.Next(20))];
        string?[] kind = [.. x.Select(_ => random.Next(10) switch { 0 => null, < 7 => "a", < 9 => "b", _ => "c" })];
        DataTable table = new([new NumericColumn("x", x), new NumericColumn("y", y), new NumericColumn("count", count, ColumnKind.Integer), TextColumn.From("kind", kind)]);
        return (table, new LearningTask(TaskKind.Anomaly, "anomaly", [SyntheticAnomalies.Ordinary, SyntheticAnomalies.Anomalous], ["x", "y", "count", "kind"]));
    }
}
