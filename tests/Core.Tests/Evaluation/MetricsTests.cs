using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Xunit;

namespace Mlops.Core.Tests.Evaluation;

public class MetricsTests
{
    public static TheoryData<string, int> Cases()
    {
        TheoryData<string, int> cases = [];
        foreach (string kind in new[] { "classification", "regression" })
        {
            for (int i = 0; i < EvaluationGolden.Root.GetProperty(kind).GetArrayLength(); i++)
            {
                cases.Add(kind, i);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_GoldenRows_EqualsScikitLearn(string kind, int index)
    {
        JsonElement golden = EvaluationGolden.Root.GetProperty(kind)[index];
        (LearningTask task, Column target, Predictions predictions) = EvaluationGolden.Case(golden);

        IReadOnlyDictionary<string, double> metrics = Metrics.Of(task, target, predictions);

        foreach (JsonProperty expected in golden.GetProperty("expected").EnumerateObject())
        {
            // Our scores are single precision.
            Assert.Equal(expected.Value.GetDouble(), metrics[expected.Name], 2e-6 * Math.Max(1, Math.Abs(expected.Value.GetDouble())));
        }

        Assert.Equal(Metrics.Names(task), metrics.Keys);
    }

    [Fact]
    public void Pinball_GoldenRows_EqualsScikitLearn()
    {
        JsonElement golden = EvaluationGolden.Root.GetProperty("regression")[0];
        (LearningTask task, Column target, Predictions predictions) = EvaluationGolden.Case(golden);
        foreach (JsonProperty expected in golden.GetProperty("pinball").EnumerateObject())
        {
            Assert.Equal(expected.Value.GetDouble(), Metrics.Of(task with { Quantile = double.Parse(expected.Name, System.Globalization.CultureInfo.InvariantCulture) }, target, predictions)["pinball"], 1e-5);
        }
    }

    [Fact]
    public void ConfusionMatrix_GoldenRows_EqualsScikitLearn()
    {
        foreach (JsonElement golden in EvaluationGolden.Root.GetProperty("classification").EnumerateArray())
        {
            (LearningTask task, Column target, Predictions predictions) = EvaluationGolden.Case(golden);
            ConfusionMatrix matrix = ConfusionMatrix.Of(task, target, predictions);
            int n = task.Classes.Count;
            Assert.Equal(golden.GetProperty("confusion").Integers(), Enumerable.Range(0, n * n).Select(i => (int)matrix[i / n, i % n]));
        }
    }

    [Fact]
    public void CalibrationCurve_GoldenRows_EqualsScikitLearn()
    {
        foreach (JsonElement golden in EvaluationGolden.Root.GetProperty("classification").EnumerateArray().Where(g => g.TryGetProperty("calibration", out _)))
        {
            (LearningTask task, Column target, Predictions predictions) = EvaluationGolden.Case(golden);
            IReadOnlyList<CalibrationBin> bins = CalibrationCurve.Of(task, target, predictions, 1);
            double[] share = golden.GetProperty("calibration").GetProperty("share").Doubles();
            double[] mean = golden.GetProperty("calibration").GetProperty("mean").Doubles();
            Assert.Equal(share.Length, bins.Count);
            for (int b = 0; b < share.Length; b++)
            {
                Assert.Equal(share[b], bins[b].Actual, 1e-6);
                Assert.Equal(mean[b], bins[b].Predicted, 1e-6);
            }
        }
    }

    [Fact]
    public void Of_MissingTargets_AreLeftOut()
    {
        LearningTask task = new(TaskKind.Regression, "y", [], ["x"]);
        NumericColumn target = new("y", [1, double.NaN, 3]);

        Assert.Equal(1, Metrics.Of(task, target, new Predictions([2, 1000, 4], 1))["rmse"], 9);
    }

    [Fact]
    public void Of_OneClassOnly_RankMetricsAreNotDefined()
    {
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["x"]);

        IReadOnlyDictionary<string, double> metrics = Metrics.Of(task, TextColumn.From("y", ["a", "a"]), new Predictions([0.9f, 0.1f, 0.6f, 0.4f], 2));

        Assert.True(double.IsNaN(metrics["rocAuc"]));
        Assert.True(double.IsNaN(metrics["prAuc"]));
        Assert.Equal(1, metrics["accuracy"]);
    }

    [Fact]
    public void Of_Threshold_DecidesWhatCountsAsPredicted()
    {
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["x"]);
        TextColumn target = TextColumn.From("y", ["a", "b", "b"]);
        Predictions predictions = new([0.9f, 0.1f, 0.7f, 0.3f, 0.4f, 0.6f], 2);

        Assert.Equal(2 / 3.0, Metrics.Of(task, target, predictions)["accuracy"], 9);
        Assert.Equal(1, Metrics.Of(task, target, predictions, 0.2)["accuracy"]);
        Assert.Equal(2, ConfusionMatrix.Of(task, target, predictions, 0.2)[1, 1]);
        Assert.Equal(Metrics.Of(task, target, predictions)["logLoss"], Metrics.Of(task, target, predictions, 0.2)["logLoss"]);
    }

    [Fact]
    public void Of_CertainMistake_CostsFiniteLogLoss()
    {
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["x"]);

        Assert.Equal(-Math.Log(1e-15), Metrics.Of(task, TextColumn.From("y", ["a"]), new Predictions([0, 1], 2))["logLoss"], 6);
    }

    [Fact]
    public void Of_UnknownClass_SaysWhereAndWhatIsExpected()
    {
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["x"]);

        ArgumentException error = Assert.Throws<ArgumentException>(() => Metrics.Of(task, TextColumn.From("y", ["a", "c"]), new Predictions([0, 1, 0, 1], 2)));

        Assert.Contains("'y', row 1: found 'c', expected one of the 2 classes: a, b", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logLoss", false)]
    [InlineData("rocAuc", true)]
    [InlineData("rmse", false)]
    [InlineData("r2", true)]
    public void HigherIsBetter_KnownMetric_SaysDirection(string metric, bool expected) => Assert.Equal(expected, Metrics.HigherIsBetter(metric));

    [Fact]
    public void HigherIsBetter_UnknownMetric_Throws() => Assert.Contains("'auc'", Assert.Throws<ArgumentException>(() => Metrics.HigherIsBetter("auc")).Message, StringComparison.Ordinal);

    [Fact]
    public void LiftCurve_PerfectScores_FindsAllHitsFirst()
    {
        LearningTask task = new(TaskKind.Binary, "y", ["a", "b"], ["x"]);
        float[] scores = [.. Enumerable.Range(0, 100).SelectMany(i => new[] { 1 - (i / 100f), i / 100f })];
        TextColumn target = TextColumn.From("y", Enumerable.Range(0, 100).Select(i => i >= 80 ? "b" : "a"));

        IReadOnlyList<LiftPart> curve = LiftCurve.Of(task, target, new Predictions(scores, 2), 1);

        Assert.Equal([5, 5, 0, 0, 0, 0, 0, 0, 0, 0], curve.Select(p => p.Lift));
        Assert.Equal(1, curve[1].CumulativeGain);
        Assert.Equal(1, curve[9].CumulativeLift, 9);
        Assert.Equal(20, curve.Sum(p => p.Hits));
    }

    [Fact]
    public void MetricIntervals_ManySamples_CoverTheTruthAsOftenAsPromised()
    {
        // The truth: absolute error of a standard normal, √(2/π).
        Random random = new(5);
        LearningTask task = new(TaskKind.Regression, "y", [], ["x"]);
        int covered = 0;
        const int samples = 400;
        for (int s = 0; s < samples; s++)
        {
            NumericColumn target = new("y", [.. Enumerable.Range(0, 60).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()))]);
            MetricInterval interval = MetricIntervals.Of(task, new HoldoutRows(target), new Predictions(new float[60], 1), "mae", (ulong)s, 0.9, 500, TestContext.Current.CancellationToken);
            covered += interval.Lower <= Math.Sqrt(2 / Math.PI) && Math.Sqrt(2 / Math.PI) <= interval.Upper ? 1 : 0;
        }

        // 0.9 ± 3 standard errors of the simulation.
        Assert.InRange((double)covered / samples, 0.855, 0.945);
    }
}
