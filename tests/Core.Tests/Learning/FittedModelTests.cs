using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Explanation;
using Xunit;

namespace Mlops.Core.Tests.Learning;

public class FittedModelTests
{
    private static readonly Dictionary<string, double> NoParameters = [];

    [Theory]
    [InlineData("baseline", TaskKind.MultiClass)]
    [InlineData("linear", TaskKind.Binary)]
    [InlineData("boosting", TaskKind.Regression)]
    [InlineData("boosting", TaskKind.MultiClass)]
    [InlineData("forest", TaskKind.Binary)]
    [InlineData("extraTrees", TaskKind.Regression)]
    public void ToJson_ReadBack_PredictsBitForBitAndWritesTheSame(string trainer, TaskKind kind)
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(2, kind);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec(trainer, NoParameters), 1, null, TestContext.Current.CancellationToken);

        FittedModel read = FittedModel.FromJson(model.ToJson());

        Assert.Equal(model.Predict(test).Scores.ToArray(), read.Predict(test).Scores.ToArray());
        Assert.Equal(model.ToJson(), read.ToJson());
        Assert.Equal(model.ToOnnx(NoMetadata), read.ToOnnx(NoMetadata));
        Assert.Equal(model.Importance, read.Importance);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1,2]")]
    [InlineData("{\"format\":2}")]
    public void FromJson_NotAModel_Throws(string json) => Assert.Throws<FormatException>(() => FittedModel.FromJson(json));

    [Theory]
    [InlineData("boosting")]
    [InlineData("forest")]
    [InlineData("linear")]
    public void ToOnnx_SameDataOptionsAndSeed_IsByteIdentical(string trainer)
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(4, TaskKind.Binary);
        byte[] First(int threads) => Trainer.Fit(train, task, new CandidateSpec(trainer, NoParameters), 7, null, TestContext.Current.CancellationToken, threads)
            .ToOnnx(new Dictionary<string, string> { ["seed"] = "7", ["data"] = "abc" });

        byte[] one = First(1);
        Assert.Equal(one, First(2));
        Assert.Equal(one, First(5));
    }

    [Fact]
    public void ToOnnx_Metadata_IsReadableInTheRuntime()
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(1, TaskKind.MultiClass);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec("baseline", NoParameters), 1, null, TestContext.Current.CancellationToken);

        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string> { ["dataHash"] = "sha256:…", ["trainer"] = "mine" }));

        Dictionary<string, string> metadata = onnx.Session.ModelMetadata.CustomMetadataMap;
        Assert.Equal("MultiClass", metadata["task"]);
        Assert.Equal("[\"class 0\",\"class 1\",\"class 2\",\"class 3\"]", metadata["classes"]);
        Assert.Equal("sha256:…", metadata["dataHash"]);
        Assert.Equal("mine", metadata["trainer"]);
    }

    [Fact]
    public void ToOnnx_ColumnNamedAsOutput_InputKeepsTheName()
    {
        DataTable train = new([new NumericColumn("label", [1, 2, 3, 4]), TextColumn.From("y", ["a", "b", "a", "b"])]);
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["label"]);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec("linear", NoParameters), 1, null, TestContext.Current.CancellationToken);

        using OnnxModel onnx = new(model.ToOnnx(NoMetadata));

        Assert.Equal(["label"], onnx.Session.InputNames);
        Assert.Equal(["label_", "probabilities"], onnx.Session.OutputNames);
        OnnxAgreementTests.AssertAgree(model, onnx, train);
    }

    [Theory]
    [InlineData("baseline")]
    [InlineData("linear")]
    [InlineData("boosting")]
    public void Fit_ColumnsWithoutInformation_PredictsTheBaseline(string trainer)
    {
        DataTable train = new(
        [
            new NumericColumn("missing", [double.NaN, double.NaN, double.NaN, double.NaN]),
            new NumericColumn("constant", [5, 5, 5, 5], ColumnKind.Integer),
            TextColumn.From("same", ["x", "x", "x", "x"]),
            new NumericColumn("y", [1, 2, 3, 4]),
        ]);
        LearningTask task = new(TaskKind.Regression, "y", [], ["missing", "constant", "same"]);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec(trainer, NoParameters), 1, null, TestContext.Current.CancellationToken);

        using OnnxModel onnx = new(model.ToOnnx(NoMetadata));

        Assert.All(model.Predict(train).Scores.ToArray(), p => Assert.Equal(2.5f, p));
        Assert.Equal(["missing", "constant", "same"], onnx.Session.InputNames);
        OnnxAgreementTests.AssertAgree(model, onnx, train);
    }

    [Fact]
    public void Fit_InformativeColumn_IsTheMostImportant()
    {
        Random random = new(1);
        double[] x = [.. Enumerable.Range(0, 500).Select(_ => random.NextDouble())];
        double[] noise = [.. Enumerable.Range(0, 500).Select(_ => random.NextDouble())];
        DataTable train = new([new NumericColumn("noise", noise), new NumericColumn("x", x), new NumericColumn("y", [.. x.Select(v => v > 0.5 ? 1.0 : 0)])]);
        LearningTask task = new(TaskKind.Regression, "y", [], ["noise", "x"]);
        foreach (string trainer in new[] { "linear", "boosting" })
        {
            FittedModel model = Trainer.Fit(train, task, new CandidateSpec(trainer, NoParameters), 1, null, TestContext.Current.CancellationToken);

            Assert.Equal("x", model.Importance[0].Feature);
            Assert.True(model.Importance[0].Importance > 0.8);
            Assert.Equal(1, model.Importance.Sum(i => i.Importance), 9);
        }
    }

    [Theory]
    [InlineData("linear", TaskKind.MultiClass)]
    [InlineData("boosting", TaskKind.Binary)]
    [InlineData("boosting", TaskKind.Regression)]
    [InlineData("forest", TaskKind.Regression)]
    [InlineData("baseline", TaskKind.Binary)]
    public void Explain_AnyModel_AddsUpToTheRawScore(string trainer, TaskKind kind)
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(2, kind);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec(trainer, trainer == "baseline" ? [] : Few(trainer)), 1, null, TestContext.Current.CancellationToken);
        DataTable rows = test.Take([.. Enumerable.Range(0, 20)]);

        IReadOnlyList<RowExplanation> explanations = model.Explain(rows, 1, TestContext.Current.CancellationToken);

        Predictions predictions = model.Predict(rows);
        for (int i = 0; i < rows.RowCount; i++)
        {
            Assert.Equal(task.Features.Order(), explanations[i].Contributions.Keys.Order());
            double[] raw = [.. explanations[i].Base.Select((b, k) => b + explanations[i].Contributions.Values.Sum(c => c[k]))];
            double expected = kind switch { TaskKind.Regression => raw[0], TaskKind.Binary => 1 / (1 + Math.Exp(-raw[0])), _ => Math.Exp(raw[0]) / raw.Sum(Math.Exp) };
            double actual = predictions.Row(i)[kind == TaskKind.Binary ? 1 : 0];
            Assert.Equal(expected, actual, 1e-5 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void FromJson_DamagedTrees_ThrowsFormatException()
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(1, TaskKind.Regression);
        string json = Trainer.Fit(train, task, new CandidateSpec("boosting", Few("boosting")), 1, null, TestContext.Current.CancellationToken).ToJson();

        // A child that is its own parent would be walked for ever.
        string circular = System.Text.RegularExpressions.Regex.Replace(json, "\"left\":\\[[0-9]+,", "\"left\":[0,");

        Assert.NotEqual(json, circular);
        Assert.Throws<FormatException>(() => FittedModel.FromJson(circular));
        Assert.Throws<FormatException>(() => FittedModel.FromJson(json[..(json.Length / 2)]));
    }

    private static Dictionary<string, double> Few(string trainer) => trainer switch
    {
        "boosting" => new() { ["iterations"] = 10 },
        "forest" => new() { ["trees"] = 10 },
        _ => [],
    };

    private static Dictionary<string, string> NoMetadata => [];
}
