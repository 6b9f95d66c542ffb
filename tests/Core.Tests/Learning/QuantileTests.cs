using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Statistics.Gates;
using Xunit;

namespace Mlops.Core.Tests.Learning;

/// <summary>Candidates that predict a quantile are ranked, gated and reported by its loss.</summary>
public class QuantileTests
{
    private static readonly LearningTask Task = new(TaskKind.Regression, "y", [], ["x"]);

    [Theory]
    [InlineData("{trainer: boosting}", null, "rmse")]
    [InlineData("{trainer: boosting, parameters: {loss: poisson}}", null, "rmse")]
    [InlineData("{trainer: boosting, parameters: {loss: absolute}}", 0.5, "mae")]
    [InlineData("{trainer: boosting, parameters: {loss: quantile}}", 0.5, "mae")]
    [InlineData("{trainer: boosting, parameters: {loss: quantile, quantile: 0.9}}, {trainer: linear}", 0.9, "pinball")]
    [InlineData("{trainer: boosting, parameters: {loss: quantile, quantile: 0.9, maxLeaves: {from: 4, to: 31}}}", 0.9, "pinball")]
    [InlineData("{trainer: boosting, parameters: {loss: [squared, absolute]}}", null, "rmse")]
    [InlineData("{trainer: boosting}, {trainer: boosting, parameters: {loss: absolute}}", null, "rmse")]
    [InlineData("{trainer: linear}", null, "rmse")]
    public void Resolve_LossesOfTheCandidates_SayWhatIsAskedFor(string candidates, double? quantile, string metric)
    {
        LearningTask task = Resolve($"{{task: regression, training: {{candidates: [{candidates}], search: {{method: random}}}}}}").Task!;

        Assert.Equal(quantile, task.Quantile);
        Assert.Equal(metric, Metrics.Primary(task));
        Assert.Equal(quantile is not null, Metrics.Names(task).Contains("pinball"));
    }

    [Theory]
    [InlineData("training: {candidates: [{trainer: boosting}, {trainer: boosting, parameters: {loss: quantile, quantile: 0.9}}]}", "the mean, the quantile 0.9")]
    [InlineData("training: {search: {method: tpe}, candidates: [{trainer: boosting, parameters: {loss: quantile, quantile: {from: 0.1, to: 0.9}}}]}", "the quantile 0.1, the quantile 0.9")]
    [InlineData("training: {search: {method: tpe}, candidates: [{trainer: boosting, parameters: {quantile: 0.2, loss: [squared, quantile]}}]}", "the mean, the quantile 0.2")]
    [InlineData("gates: {metric: accuracy}", "gates.metric: accuracy for a Regression task")]
    [InlineData("gates: {metric: pinball}", "gates.metric: pinball for a Regression task")]
    [InlineData("gates: {floors: {rocAuc: 0.7}}", "gates.floors: rocAuc for a Regression task")]
    public void Resolve_WhatCannotBeCompared_Blocks(string yaml, string found)
    {
        TaskResolution resolution = Resolve($"{{task: regression, {yaml}}}");

        Assert.Null(resolution.Task);
        Assert.Contains(found, Assert.Single(resolution.Problems).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Baseline_Quantile_IsTheOneOfTheWeightedAnswers()
    {
        double[] y = [.. Enumerable.Range(1, 100).Select(i => (double)i)];
        DataTable rows = new([new NumericColumn("x", y), new NumericColumn("y", y), new NumericColumn("w", [.. y.Select(v => v <= 50 ? 0.0 : 1)])]);
        float Predict(LearningTask task) => Trainer.Fit(rows, task, Spec("baseline"), 1, null, TestContext.Current.CancellationToken).Predict(rows).Scores[0];

        Assert.Equal(50.5f, Predict(Task));
        Assert.Equal(90.5f, Predict(Task with { Quantile = 0.9 }));
        Assert.Equal(95.5f, Predict(Task with { Quantile = 0.9, Weight = "w" }));
    }

    [Fact]
    public void CrossValidate_HighQuantile_RanksWhatLearnsItFirst()
    {
        (DataTable rows, LearningTask task) = Skewed(1500);
        int[] folds = [.. Enumerable.Range(0, rows.RowCount).Select(i => i % 3)];
        double Loss(params (string Name, double Value)[] parameters) =>
            Trainer.CrossValidate(rows, task, Spec("boosting", parameters), folds, 1, null, TestContext.Current.CancellationToken).Mean[Metrics.Primary(task)];

        // By rmse the mean would win.
        Assert.True(Loss(("loss", 2), ("quantile", 0.9)) < 0.8 * Loss());
    }

    // A constant has learned nothing, so it must not pass for better than the best constant: of skewed answers the mean is not what the metric is least for.
    [Theory]
    [InlineData("mae", 0.5)]
    [InlineData("pinball", 0.9)]
    public void Decide_NoChampion_TheBestConstantIsWhatTheMetricIsLeastFor(string metric, double quantile)
    {
        (DataTable rows, LearningTask task) = Skewed(1500);
        task = task with { Quantile = quantile };
        FittedModel constant = Trainer.Fit(rows, task, Spec("baseline"), 1, null, TestContext.Current.CancellationToken);
        FittedModel learned = Trainer.Fit(rows, task, Spec("boosting", ("loss", 2), ("quantile", quantile)), 1, null, TestContext.Current.CancellationToken);

        Assert.Equal(metric, Decide(constant).Metric);
        Assert.Equal(0, Decide(constant).Difference!.Value, 1e-6);
        Assert.Equal(GateVerdict.Promote, Decide(learned).Verdict);

        GateResult Decide(FittedModel model) => Gate.Decide(task, rows["y"], model.Predict(rows), null, new GateOptions());
    }

    [Fact]
    public void Slices_Quantile_AreWhereItsLossIsLarge()
    {
        (DataTable rows, LearningTask task) = Skewed(600);
        Predictions predictions = new([.. Enumerable.Repeat(3f, rows.RowCount)], 1);

        Slice slice = Slices.Find(task, rows, predictions, null, new SliceOptions { Pairs = false })[0];

        double whole = ((slice.Loss * slice.Rows) + (slice.RestLoss * (rows.RowCount - slice.Rows))) / rows.RowCount;
        Assert.Equal(Metrics.Of(task, rows["y"], predictions)["pinball"], whole, 1e-9);
    }

    /// <summary>Answers whose spread grows with x: mean, median and high quantile lie far apart.</summary>
    private static (DataTable Rows, LearningTask Task) Skewed(int rows)
    {
        Random random = new(3);
        double[] x = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())];
        double[] y = [.. x.Select(v => -Math.Log(1 - random.NextDouble()) * (1 + (9 * v)))];
        return (new DataTable([new NumericColumn("x", x), new NumericColumn("y", y)]), Task with { Quantile = 0.9 });
    }

    private static CandidateSpec Spec(string trainer, params (string Name, double Value)[] parameters) => new(trainer, parameters.ToDictionary(p => p.Name, p => p.Value));

    private static TaskResolution Resolve(string yaml)
    {
        ConfigurationResult result = ModelConfiguration.Parse(yaml);
        Assert.Empty(result.Errors);
        return TaskResolver.Resolve(Skewed(100).Rows, result.Configuration!);
    }
}
