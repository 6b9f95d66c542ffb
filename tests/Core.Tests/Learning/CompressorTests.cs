using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Compression;
using Xunit;

namespace Mlops.Core.Tests.Learning;

public class CompressorTests
{
    [Theory]
    [InlineData(CompressionMethod.Pruned, TaskKind.Binary)]
    [InlineData(CompressionMethod.Pruned, TaskKind.MultiClass)]
    [InlineData(CompressionMethod.Distilled, TaskKind.Regression)]
    public void Compress_GenerousTolerance_GivesASmallerModelAndSaysWhatItCost(CompressionMethod method, TaskKind kind)
    {
        (FittedModel model, DataTable train, DataTable test) = Fit("boosting", kind, new() { ["iterations"] = 120, ["earlyStoppingRounds"] = 0 });

        (FittedModel smaller, CompressionReport report) = Compress(model, train, test, method, 0.5);

        Assert.True(report.Applied, report.Reason);
        Assert.True(report.LeavesAfter < report.LeavesBefore);
        Assert.True(report.BytesAfter < report.BytesBefore);
        Assert.Equal(report.LeavesAfter, smaller.Scorer.Trees!.Trees.Sum(t => t.Leaves));
        Assert.Equal(report.BytesAfter, smaller.ToOnnx(new Dictionary<string, string>()).Length);
        Assert.Equal(Metric(model, test), report.Before);
        Assert.Equal(Metric(smaller, test), report.After);
        using OnnxModel onnx = new(smaller.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(smaller, onnx, test);
    }

    [Theory]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.MultiClass)]
    [InlineData(TaskKind.Regression)]
    public void Compress_LinearInHalfPrecision_TakesAQuarterOfTheBytesAndOnnxRuntimeAgrees(TaskKind kind)
    {
        (FittedModel model, DataTable train, DataTable test) = Fit("linear", kind, []);

        (FittedModel half, CompressionReport report) = Compress(model, train, test, CompressionMethod.Float16, 0.01);

        Assert.True(report.Applied, report.Reason);
        int coefficients = model.Scorer.Linear!.Features.Count * model.Scorer.Linear.Width;
        // Two bytes instead of eight each, less the node that widens them.
        Assert.True(report.BytesBefore - report.BytesAfter > (6 * coefficients) - 60, $"{report.BytesBefore} → {report.BytesAfter} bytes for {coefficients} coefficients");
        using OnnxModel onnx = new(half.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(half, onnx, test);
        Assert.Equal(half.ToJson(), FittedModel.FromJson(half.ToJson()).ToJson());
    }

    [Fact]
    public void Compress_NoTolerance_DistilsNothing()
    {
        // Noise alone lets a student win by chance; on a steep function of one column it cannot.
        double[] x = [.. Enumerable.Range(0, 800).Select(i => (double)i)];
        DataTable rows = new([new NumericColumn("x", x), new NumericColumn("y", [.. x.Select(v => v * v)])]);
        LearningTask task = new(TaskKind.Regression, "y", [], ["x"]);
        FittedModel model = Trainer.Fit(rows, task, new CandidateSpec("boosting", new Dictionary<string, double> { ["iterations"] = 200, ["earlyStoppingRounds"] = 0 }), 1, null, TestContext.Current.CancellationToken);

        (FittedModel same, CompressionReport report) = Compress(model, rows, rows, CompressionMethod.Distilled, 0);

        Assert.Same(model, same);
        Assert.False(report.Applied);
        Assert.Equal(report.Before, report.After);
        Assert.Contains("tolerance", report.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompressionMethod.Pruned)]
    [InlineData(CompressionMethod.Distilled)]
    public void Compress_MetricOfWhichMoreIsBetter_LosesNoMoreThanTheTolerance(CompressionMethod method)
    {
        (FittedModel model, DataTable train, DataTable test) = Fit("boosting", TaskKind.Binary, new() { ["iterations"] = 120, ["earlyStoppingRounds"] = 0 });

        (_, CompressionReport report) = Compress(model, train, test, method, 0.02, "rocAuc");

        // Read the other way round, the smallest model would always be good enough.
        Assert.Equal("rocAuc", report.Metric);
        Assert.True(!report.Applied || report.After > 0.9 * report.Before, $"{report.Before} → {report.After}: {report.Reason}");
        Assert.True(report.LeavesAfter > 10, report.Reason);
    }

    [Theory]
    [InlineData(CompressionMethod.Float16, "boosting", "single precision")]
    [InlineData(CompressionMethod.Pruned, "linear", "no trees")]
    [InlineData(CompressionMethod.Distilled, "linear", "no trees")]
    [InlineData(CompressionMethod.None, "linear", "No compression")]
    public void Compress_NothingToGain_KeepsTheModelAndSaysWhy(CompressionMethod method, string trainer, string reason)
    {
        (FittedModel model, DataTable train, DataTable test) = Fit(trainer, TaskKind.Binary, []);

        (FittedModel same, CompressionReport report) = Compress(model, train, test, method, 0.5);

        Assert.Same(model, same);
        Assert.False(report.Applied);
        Assert.Contains(reason, report.Reason, StringComparison.Ordinal);
    }

    private static double Metric(FittedModel model, DataTable rows) =>
        Metrics.Of(model.Task, rows[model.Task.Target], model.Predict(rows))[Metrics.Primary(model.Task)];

    private static (FittedModel Model, CompressionReport Report) Compress(FittedModel model, DataTable train, DataTable test, CompressionMethod method, double tolerance, string? metric = null) =>
        Compressor.Compress(model, train, [.. Enumerable.Range(0, train.RowCount).Select(i => i % 5)], test, method, metric ?? Metrics.Primary(model.Task), tolerance, 1, 1, TestContext.Current.CancellationToken);

    private static (FittedModel Model, DataTable Train, DataTable Test) Fit(string trainer, TaskKind kind, Dictionary<string, double> parameters)
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(3, kind, 600);
        return (Trainer.Fit(train, task, new CandidateSpec(trainer, parameters), 1, null, TestContext.Current.CancellationToken), train, test);
    }
}
