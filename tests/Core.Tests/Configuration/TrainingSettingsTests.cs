using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Validation;

namespace Mlops.Core.Tests.Configuration;

/// <summary>Weights, directions, costs and groups: as text, and against the data.</summary>
public class TrainingSettingsTests
{
    private static readonly DataTable Rows = new(
    [
        new NumericColumn("age", [.. Enumerable.Range(0, 40).Select(i => (double)i)]),
        TextColumn.From("region", Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "north" : "south")),
        new NumericColumn("counts", [.. Enumerable.Range(0, 40).Select(i => i * 0.5)]),
        TextColumn.From("label", Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? "yes" : "no")),
    ]);

    [Fact]
    public void Parse_AllOfThem_AreRead()
    {
        ModelConfiguration c = Parse("""
            training:
              weight: counts
              classWeights: {"yes": 5, "no": 0.5}
              monotone: {age: increasing, income: decreasing}
            gates: {fairness: {region: 0.1}}
            decision: {falsePositiveCost: 2, falseNegativeCost: 10}
            """);

        Assert.Equal("counts", c.Training.Weight);
        Assert.Equal(new Dictionary<string, double> { ["yes"] = 5, ["no"] = 0.5 }, c.Training.ClassWeights);
        Assert.Equal(new Dictionary<string, Direction> { ["age"] = Direction.Increasing, ["income"] = Direction.Decreasing }, c.Training.Monotone);
        Assert.Equal(new Dictionary<string, double> { ["region"] = 0.1 }, c.Gates.Fairness);
        Assert.Equal(new DecisionOptions { FalsePositiveCost = 2, FalseNegativeCost = 10 }, c.Decision);
        Assert.NotEqual(ModelConfiguration.Default.Hash, c.Hash);
    }

    [Theory]
    [InlineData("training: {classWeights: {a: 0}}", "0.001")]
    [InlineData("training: {classWeights: [a]}", "{churned: 5}")]
    [InlineData("training: {monotone: {age: up}}", "increasing, decreasing for 'age'")]
    [InlineData("training: {weight: [a]}", "the name of a column")]
    [InlineData("{target: a, training: {weight: a}}", "neither the target nor ignored")]
    [InlineData("{ignore: [a], training: {weight: a}}", "neither the target nor ignored")]
    [InlineData("gates: {fairness: {region: 2}}", "0 … 1 for 'region'")]
    [InlineData("decision: {falsePositiveCost: -1}", "a number in 0")]
    [InlineData("forecast: {horizon: 0}", "a whole number in 1")]
    [InlineData("training: {candidates: [{trainer: boosting, parameters: {loss: cubic}}]}", "one of squared, absolute, quantile, poisson, tweedie for the parameter 'loss'")]
    public void Parse_WrongValue_SaysWhatIsExpected(string yaml, string expected) =>
        Assert.Contains(expected, Assert.Single(ModelConfiguration.Parse(yaml).Errors).Expected, StringComparison.Ordinal);

    [Fact]
    public void Parse_NamesOrNumbersOfChoices_AreTheSameCandidate()
    {
        ModelConfiguration names = Parse("training: {candidates: [{trainer: boosting, parameters: {loss: quantile, calibration: none, targetEncode: false}}]}");
        ModelConfiguration numbers = Parse("training: {candidates: [{parameters: {targetEncode: 0, loss: 2, calibration: 0}, trainer: boosting}]}");

        Assert.Equal(numbers.Hash, names.Hash);
        Assert.Equal(2, names.Training.Candidates[0].Parameters["loss"]);
    }

    [Fact]
    public void Resolve_WeightDirectionAndClasses_AreOfTheTask()
    {
        LearningTask task = TaskResolver.Resolve(Rows, Parse("training: {weight: counts, monotone: {age: increasing}, classWeights: {yes: 3}}".Replace("yes", "\"yes\"", StringComparison.Ordinal))).Task!;

        Assert.Equal(["age", "region"], task.Features);
        Assert.Equal("counts", task.Weight);
        Assert.Equal(Direction.Increasing, task.Monotone!["age"]);
        Assert.Equal(3, task.ClassWeights!["yes"]);
    }

    [Theory]
    [InlineData("training: {weight: size}", "no such column")]
    [InlineData("training: {weight: region}", "weights of kind Text")]
    [InlineData("training: {classWeights: {maybe: 2}}", "no class 'maybe'")]
    [InlineData("training: {monotone: {region: increasing}}", "a column of kind Text")]
    [InlineData("training: {monotone: {size: increasing}}", "no such column")]
    [InlineData("gates: {fairness: {size: 0.1}}", "no such column")]
    [InlineData("{target: age, task: regression, gates: {fairness: {region: 0.1}}}", "has not two classes")]
    [InlineData("{target: age, task: regression, training: {classWeights: {a: 2}}}", "for a regression")]
    [InlineData("{task: anomaly, training: {weight: counts}}", "for anomalies")]
    public void Resolve_WhatTheDataDoesNotHave_Blocks(string yaml, string found)
    {
        TaskResolution resolution = TaskResolver.Resolve(Rows, Parse(yaml));

        Assert.Null(resolution.Task);
        Assert.Contains(found, Assert.Single(resolution.Problems).Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("")]
    public async Task Check_LaterBatchWithAWeightThatIsNone_Blocks(string weight)
    {
        ModelConfiguration configuration = Parse("training: {weight: counts}");
        string Csv(string last) => "age,counts,label\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{(i == 39 ? last : "1")},{(i % 2 == 0 ? "a" : "b")}\n"));
        async Task<BatchRead> ReadAsync(string csv) => await BatchReader.ReadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv)), BatchFormat.Csv, BatchLimits.Default, null, TestContext.Current.CancellationToken);
        BatchRead first = await ReadAsync(Csv("2"));
        DataContract contract = DataContract.Infer(first.Table!, configuration);

        Assert.NotEqual(Verdict.Block, Validator.Check(first, contract, configuration).Verdict);
        ValidationReport report = Validator.Check(await ReadAsync(Csv(weight)), contract, configuration);
        Assert.Equal(Verdict.Block, report.Verdict);
        Assert.Contains(report.Problems, p => p.Column == "counts" && p.Found.Contains("1 of 40 rows", StringComparison.Ordinal) && p.Found.Contains("row 40", StringComparison.Ordinal));
    }

    private static ModelConfiguration Parse(string yaml)
    {
        ConfigurationResult result = ModelConfiguration.Parse(yaml);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }
}
