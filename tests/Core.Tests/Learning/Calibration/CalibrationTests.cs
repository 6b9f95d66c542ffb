using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Calibration;
using Mlops.Core.Tests.Evaluation;
using Xunit;

namespace Mlops.Core.Tests.Learning.Calibration;

public class CalibrationTests
{
    [Fact]
    public void IsotonicFit_GoldenPoints_EqualsScikitLearn()
    {
        foreach (JsonElement golden in EvaluationGolden.Root.GetProperty("isotonic").EnumerateArray())
        {
            IsotonicRegression fitted = IsotonicRegression.Fit(golden.GetProperty("x").Doubles(), golden.GetProperty("y").Doubles());

            double[] expected = golden.GetProperty("expected").Doubles();
            double[] at = golden.GetProperty("at").Doubles();
            for (int i = 0; i < at.Length; i++)
            {
                Assert.Equal(expected[i], fitted.At(at[i]), 1e-12);
            }
        }
    }

    [Fact]
    public void PlattFit_GoldenPoints_EqualsUnpenalisedLogisticRegression()
    {
        JsonElement golden = EvaluationGolden.Root.GetProperty("platt")[0];
        double[] logits = golden.GetProperty("logit").Doubles();
        float[] scores = [.. logits.SelectMany(z => new[] { (float)(1 / (1 + Math.Exp(z))), (float)(1 / (1 + Math.Exp(-z))) })];

        PlattCalibrator fitted = PlattCalibrator.Fit(new Predictions(scores, 2), golden.GetProperty("y").Integers());

        Assert.Equal(golden.GetProperty("slope").GetDouble(), fitted.Slope, 1e-5);
        Assert.Equal(golden.GetProperty("intercept").GetDouble(), fitted.Intercepts[1], 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Calibrator_OverconfidentModel_LowersTheLogLoss(int method)
    {
        Random random = new(2);
        double[] signal = [.. Enumerable.Range(0, 4000).Select(_ => (random.NextDouble() * 6) - 3)];
        int[] truth = [.. signal.Select(s => random.NextDouble() < 1 / (1 + Math.Exp(-s)) ? 1 : 0)];
        Predictions tooSure = new([.. signal.SelectMany(s => new[] { (float)(1 / (1 + Math.Exp(4 * s))), (float)(1 / (1 + Math.Exp(-4 * s))) })], 2);
        LearningTask task = new(TaskKind.Binary, "y", ["0", "1"], ["x"]);
        TextColumn target = TextColumn.From("y", truth.Select(t => t == 1 ? "1" : "0"));

        ProbabilityCalibrator calibrator = method == 1 ? PlattCalibrator.Fit(tooSure, truth) : IsotonicCalibrator.Fit(tooSure, truth);
        IReadOnlyDictionary<string, double> before = Metrics.Of(task, target, tooSure);
        IReadOnlyDictionary<string, double> after = Metrics.Of(task, target, calibrator.Apply(tooSure));

        Assert.True(after["logLoss"] < before["logLoss"] * 0.8);
        Assert.True(after["calibrationError"] < before["calibrationError"] / 3);
    }

    [Theory]
    [InlineData(TaskKind.Binary, 1, 0)]
    [InlineData(TaskKind.Binary, 2, 1)]
    [InlineData(TaskKind.MultiClass, 1, 2)]
    [InlineData(TaskKind.MultiClass, 2, 3)]
    public void ToOnnx_CalibratedModel_AgreesOnEveryRow(TaskKind kind, int method, int seed)
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(seed, kind);
        foreach (string trainer in new[] { "linear", "boosting" })
        {
            CandidateSpec spec = new(trainer, new Dictionary<string, double> { ["calibration"] = method });
            FittedModel model = Trainer.Fit(train, task, spec, 1, null, TestContext.Current.CancellationToken);
            Assert.NotNull(model.Calibrator);

            using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));

            OnnxAgreementTests.AssertAgree(model, onnx, train);
            OnnxAgreementTests.AssertAgree(model, onnx, test);
            Assert.Equal(model.Predict(test).Scores.ToArray(), FittedModel.FromJson(model.ToJson()).Predict(test).Scores.ToArray());
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    [InlineData(0.9)]
    [InlineData(1.5)]
    public void ToOnnx_DecisionThreshold_DecidesTheLabel(double threshold)
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(3, TaskKind.Binary);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec("boosting", new Dictionary<string, double>()), 1, null, TestContext.Current.CancellationToken).WithThreshold(threshold);

        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));
        (string[]? labels, Predictions predictions) = onnx.Run(model, test);

        Assert.Equal(Enumerable.Range(0, test.RowCount).Select(i => task.Classes[model.Label(predictions, i)]), labels);
        Assert.Equal(threshold, FittedModel.FromJson(model.ToJson()).Threshold);
    }
}
