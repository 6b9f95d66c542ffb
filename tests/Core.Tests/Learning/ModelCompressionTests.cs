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
        string metric = Metrics.Primary(model.Task);
        double before = Metrics.Of(model.Task, test["the target"], model.Predict(test))[metric];

        FittedModel pruned = ModelCompression.Prune(model, test, metric, 0.02 * before);

        Assert.True(ModelCompression.Leaves(pruned) < ModelCompression.Leaves(model));
        Assert.InRange(Metrics.Of(model.Task, test["the target"], pruned.Predict(test))[metric], 0, 1.02 * before);
        using OnnxModel onnx = new(pruned.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(pruned, onnx, test);
    }

    [Theory]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.MultiClass)]
    [InlineData(TaskKind.Regression)]
    public void Distil_SmallStudent_IsMuchSmallerAndBeatsTheBaseline(TaskKind kind)
    {
        (FittedModel teacher, DataTable test) = Fit(kind);
        (DataTable train, _, LearningTask task) = RandomTables.Make(3, kind, 600);

        FittedModel student = ModelCompression.Distil(teacher, train, 20, 8, 1, TestContext.Current.CancellationToken);

        FittedModel baseline = Trainer.Fit(train, task, new CandidateSpec("baseline", new Dictionary<string, double>()), 1, null, TestContext.Current.CancellationToken);
        double Value(FittedModel model) => Metrics.Of(task, test["the target"], model.Predict(test))[Metrics.Primary(task)];
        Assert.True(ModelCompression.Leaves(student) < ModelCompression.Leaves(teacher) / 2);
        Assert.True(Value(student) < Value(baseline));
        using OnnxModel onnx = new(student.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(student, onnx, test);
    }

    [Fact]
    public void Prune_LinearModel_SaysWhy()
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(1, TaskKind.Regression);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec("linear", new Dictionary<string, double>()), 1, null, TestContext.Current.CancellationToken);

        Assert.Contains("no trees", Assert.Throws<ArgumentException>(() => ModelCompression.Prune(model, test, "rmse", 0)).Message, StringComparison.Ordinal);
    }

    private static (FittedModel Model, DataTable Test) Fit(TaskKind kind)
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(3, kind, 600);
        CandidateSpec spec = new("boosting", new Dictionary<string, double> { ["iterations"] = 120, ["earlyStoppingRounds"] = 0 });
        return (Trainer.Fit(train, task, spec, 1, null, TestContext.Current.CancellationToken), test);
    }
}
