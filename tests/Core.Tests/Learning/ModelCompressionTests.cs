using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Compression;
using Xunit;

namespace Mlops.Core.Tests.Learning;

public class ModelCompressionTests
{
    [Theory]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.MultiClass)]
    [InlineData(TaskKind.Regression)]
    public void Prune_Tolerance_IsKeptWithFewerLeaves(TaskKind kind)
    {
        (FittedModel model, DataTable test) = Fit(kind);
        double tolerance = 0.02 * Metrics.Of(model.Task, test["the target"], model.Predict(test))[Metrics.Primary(kind)];

        CompressedModel pruned = ModelCompression.Prune(model, test, tolerance);

        Assert.True(pruned.LeavesAfter < pruned.LeavesBefore);
        Assert.True(pruned.After <= pruned.Before + tolerance);
        Assert.Equal(pruned.After, Metrics.Of(model.Task, test["the target"], pruned.Model.Predict(test))[pruned.Metric]);
        using OnnxModel onnx = new(pruned.Model.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(pruned.Model, onnx, test);
    }

    [Theory]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.MultiClass)]
    [InlineData(TaskKind.Regression)]
    public void Distil_SmallStudent_IsMuchSmallerAndBeatsTheBaseline(TaskKind kind)
    {
        (FittedModel teacher, DataTable test) = Fit(kind);
        (DataTable train, _, LearningTask task) = RandomTables.Make(3, kind, 600);

        CompressedModel student = ModelCompression.Distil(teacher, train, test, 20, 8, 1, TestContext.Current.CancellationToken);

        FittedModel baseline = Trainer.Fit(train, task, new CandidateSpec("baseline", new Dictionary<string, double>()), 1, null, TestContext.Current.CancellationToken);
        double nothing = Metrics.Of(task, test["the target"], baseline.Predict(test))[student.Metric];
        Assert.True(student.LeavesAfter < student.LeavesBefore / 2);
        Assert.True(student.After < nothing);
        using OnnxModel onnx = new(student.Model.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(student.Model, onnx, test);
    }

    [Fact]
    public void Prune_LinearModel_SaysWhy()
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(1, TaskKind.Regression);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec("linear", new Dictionary<string, double>()), 1, null, TestContext.Current.CancellationToken);

        Assert.Contains("no trees", Assert.Throws<ArgumentException>(() => ModelCompression.Prune(model, test, 0)).Message, StringComparison.Ordinal);
    }

    private static (FittedModel Model, DataTable Test) Fit(TaskKind kind)
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(3, kind, 600);
        CandidateSpec spec = new("boosting", new Dictionary<string, double> { ["iterations"] = 120, ["earlyStoppingRounds"] = 0 });
        return (Trainer.Fit(train, task, spec, 1, null, TestContext.Current.CancellationToken), test);
    }
}
