using Mlops.Core.Data;
using Mlops.Core.Learning;
using Xunit;

namespace Mlops.Core.Tests.Learning;

/// <summary>Tables at the edge: a defined result that ONNX Runtime agrees with, for every trainer.</summary>
public class ExtremeTablesTests
{
    public static TheoryData<string> Trainers() => [.. RandomTables.Trainers];

    [Theory]
    [MemberData(nameof(Trainers))]
    public void Fit_SingleRow_PredictsItsAnswer(string trainer)
    {
        DataTable train = new([new NumericColumn("x", [1]), TextColumn.From("c", ["a"]), new NumericColumn("y", [7])]);

        FittedModel model = FitAndCompare(train, new LearningTask(TaskKind.Regression, "y", [], ["x", "c"]), trainer);

        Assert.Equal(7, model.Predict(train).Scores[0], 3);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void Fit_SingleClassPresent_PredictsItConfidently(string trainer)
    {
        DataTable train = new([new NumericColumn("x", [.. Enumerable.Range(0, 40).Select(i => (double)i)]), TextColumn.From("y", Enumerable.Repeat("b", 40))]);

        FittedModel model = FitAndCompare(train, new LearningTask(TaskKind.MultiClass, "y", ["a", "b", "c"], ["x"]), trainer);

        Assert.All(Enumerable.Range(0, 40), i => Assert.True(model.Predict(train).Row(i)[1] > 0.9));
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void Fit_InfinitiesDenormalsAndHugeNumbers_StaysFinite(string trainer)
    {
        Random random = new(1);
        double[] strange = [double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 1e-40, -1e-40, 1e300, -1e300, float.MaxValue, -0.0, 0, double.NaN];
        double[] x = [.. Enumerable.Range(0, 220).Select(i => strange[i % strange.Length])];
        double[] whole = [.. Enumerable.Range(0, 220).Select(i => i % 3 == 0 ? 9_007_199_254_740_991 : i % 3 == 1 ? -9_007_199_254_740_991 : i)];
        DataTable train = new(
        [
            new NumericColumn("x", x),
            new NumericColumn("whole", whole, ColumnKind.Integer),
            new NumericColumn("when", [.. whole.Select(v => Math.Clamp(v, -6e10, 2e11))], ColumnKind.Timestamp),
            TextColumn.From("y", x.Select(v => v > 0 ^ random.Next(5) == 0 ? "a" : "b")),
        ]);

        FittedModel model = FitAndCompare(train, new LearningTask(TaskKind.Binary, "y", ["a", "b"], ["x", "whole", "when"]), trainer);

        Assert.All(model.Predict(train).Scores.ToArray(), p => Assert.True(float.IsFinite(p)));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("boosting")]
    public void Fit_ManyDistinctCategories_StaysSmallAndAgrees(string trainer)
    {
        Random random = new(2);
        DataTable train = new(
        [
            TextColumn.From("id", Enumerable.Range(0, 50_000).Select(i => $"id {i}")),
            TextColumn.From("skewed", Enumerable.Range(0, 50_000).Select(_ => $"s{(int)(1 / (random.NextDouble() + 1e-4))}")),
            new NumericColumn("y", [.. Enumerable.Range(0, 50_000).Select(_ => random.NextDouble())]),
        ]);
        LearningTask task = new(TaskKind.Regression, "y", [], ["id", "skewed"]);

        FittedModel model = Trainer.Fit(train, task, new CandidateSpec(trainer, trainer == "boosting" ? new() { ["iterations"] = 5 } : new Dictionary<string, double>()), 1, null, TestContext.Current.CancellationToken);
        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));

        OnnxAgreementTests.AssertAgree(model, onnx, train.Take([.. Enumerable.Range(0, 500)]));
        Assert.InRange(model.Pipeline.Outputs().Count, 1, 60);
    }

    [Theory]
    [InlineData(0, 100_000)]
    [InlineData(1, 400_000)]
    public void Fit_AMillionCategories_StaysSmallAndAgrees(int targetEncode, int characters)
    {
        const int Rows = 1_000_000;
        DataTable train = new(
        [
            new TextColumn("id", [.. Enumerable.Range(0, Rows).Select(i => i % 4 == 0 ? Rows - 1 : i)], [.. Enumerable.Range(0, Rows).Select(i => $"id {i}")]),
            TextColumn.From("y", Enumerable.Range(0, Rows).Select(i => i % 4 == 0 ? "often" : "seldom")),
        ]);
        LearningTask task = new(TaskKind.Binary, "y", ["often", "seldom"], ["id"]);
        Dictionary<string, double> few = new() { ["iterations"] = 10, ["earlyStoppingRounds"] = 0, ["targetEncode"] = targetEncode };

        FittedModel model = Trainer.Fit(train, task, new CandidateSpec("boosting", few), 1, null, TestContext.Current.CancellationToken, 2);

        DataTable some = train.Take([.. Enumerable.Range(0, 400)]);
        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(model, onnx, some);
        Predictions predicted = model.Predict(some);
        Assert.All(Enumerable.Range(0, 400), i => Assert.Equal(i % 4 == 0 ? 0 : 1, predicted.Best(i)));
        Assert.InRange(model.ToJson().Length, 1, characters);
    }

    private static FittedModel FitAndCompare(DataTable train, LearningTask task, string trainer)
    {
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec(trainer, new Dictionary<string, double>()), 1, null, TestContext.Current.CancellationToken);
        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(model, onnx, train);
        return model;
    }
}
