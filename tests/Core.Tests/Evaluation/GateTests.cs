using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Statistics.Gates;
using Xunit;

namespace Mlops.Core.Tests.Evaluation;

public class GateTests
{
    private static readonly LearningTask Binary = new(TaskKind.Binary, "y", ["no", "yes"], ["x"]);
    private static readonly LearningTask Regression = new(TaskKind.Regression, "y", [], ["x"]);

    [Theory]
    [InlineData(40, "rmse")]
    [InlineData(300, "rmse")]
    [InlineData(40, "mae")]
    public void Decide_EquallyGoodRegressions_PromotesAtMostAlpha(int rows, string metric) => AssertFalsePromotions(
        rows,
        metric,
        random =>
        {
            double[] truth = [.. Enumerable.Range(0, rows).Select(_ => Normal(random))];
            Predictions Model() => new([.. truth.Select(y => (float)(y + Normal(random)))], 1);
            return (Regression, new NumericColumn("y", truth), Model(), Model());
        });

    [Theory]
    [InlineData(60, "logLoss")]
    [InlineData(300, "logLoss")]
    [InlineData(60, "rocAuc")]
    [InlineData(300, "rocAuc")]
    [InlineData(40, "accuracy")]
    [InlineData(300, "accuracy")]
    public void Decide_EquallyGoodClassifiers_PromotesAtMostAlpha(int rows, string metric) => AssertFalsePromotions(
        rows,
        metric,
        random =>
        {
            double[] signal = [.. Enumerable.Range(0, rows).Select(_ => 1.5 * Normal(random))];
            TextColumn target = TextColumn.From("y", signal.Select(s => random.NextDouble() < Sigmoid(s) ? "yes" : "no"));
            Predictions Model() => new([.. signal.SelectMany(s =>
            {
                float p = (float)Sigmoid(s + (0.7 * Normal(random)));
                return new[] { 1 - p, p };
            })], 2);
            return (Binary, target, Model(), Model());
        });

    [Fact]
    public void Decide_SkewedLosses_PromotesAtMostAlphaOfEquallyGood() => AssertFalsePromotions(
        80,
        "mae",
        random =>
        {
            // Errors of both are log-normal: a few rows decide.
            double[] truth = new double[80];
            Predictions Model() => new([.. truth.Select(_ => (float)Math.Exp(Normal(random)))], 1);
            return (Regression, new NumericColumn("y", truth), Model(), Model());
        });

    [Fact]
    public void Decide_ClearlyBetterCandidate_Promotes()
    {
        (NumericColumn target, Predictions good, Predictions bad) = GoodAndBad(200);

        GateResult result = Gate.Decide(Regression, target, good, bad, new GateOptions());

        Assert.Equal(GateVerdict.Promote, result.Verdict);
        Assert.True(result.Lower > 0 && result.Lower < result.Difference && result.Difference < result.Upper);
        Assert.Equal(200, result.Rows);
        Assert.Equal(1000, result.Resamples);
        Assert.Equal("rmse", result.Metric);
    }

    [Fact]
    public void Decide_ClearlyWorseCandidate_Rejects()
    {
        (NumericColumn target, Predictions good, Predictions bad) = GoodAndBad(200);

        Assert.Equal(GateVerdict.Reject, Gate.Decide(Regression, target, bad, good, new GateOptions()).Verdict);
    }

    [Fact]
    public void Decide_HigherIsBetterMetric_DifferenceIsPositiveForTheBetter()
    {
        (NumericColumn target, Predictions good, Predictions bad) = GoodAndBad(200);

        GateResult result = Gate.Decide(Regression, target, good, bad, new GateOptions { Metric = "r2" });

        Assert.Equal(GateVerdict.Promote, result.Verdict);
        Assert.True(result.Difference > 0 && result.Candidate > result.Champion);
    }

    [Fact]
    public void Decide_SamePredictions_RejectsWithoutMarginAndPromotesWithOne()
    {
        (NumericColumn target, Predictions good, _) = GoodAndBad(50);

        Assert.Equal(GateVerdict.Reject, Gate.Decide(Regression, target, good, good, new GateOptions()).Verdict);
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Regression, target, good, good, new GateOptions { Margin = 0.01 }).Verdict);
    }

    [Theory]
    [InlineData("accuracy", "McNemar")]
    [InlineData("rocAuc", "DeLong")]
    [InlineData("logLoss", "paired bootstrap")]
    public void Decide_EveryMethod_PromotesTheBetterRejectsTheWorseAndNamesTheMethod(string metric, string method)
    {
        Random random = new(4);
        TextColumn target = TextColumn.From("y", Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? "yes" : "no"));
        Predictions Model(double noise) => new([.. Enumerable.Range(0, 200).SelectMany(i =>
        {
            float p = (float)Sigmoid((i % 2 == 0 ? 1 : -1) + (noise * Normal(random)));
            return new[] { 1 - p, p };
        })], 2);
        (Predictions good, Predictions bad) = (Model(0.5), Model(3));

        GateResult promoted = Gate.Decide(Binary, target, good, bad, new GateOptions { Metric = metric });

        Assert.Equal((GateVerdict.Promote, method), (promoted.Verdict, promoted.Method));
        Assert.Equal(GateVerdict.Reject, Gate.Decide(Binary, target, bad, good, new GateOptions { Metric = metric }).Verdict);
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Binary, target, good, null, new GateOptions { Metric = metric }).Verdict);
        Assert.NotEqual(GateVerdict.Promote, Gate.Decide(Binary, target, good, good, new GateOptions { Metric = metric }).Verdict);
    }

    [Theory]
    [InlineData("rmse", 4)]
    [InlineData("mae", 4)]
    public void Decide_FewerRowsThanChanceNeeds_IsInconclusive(string metric, int rows)
    {
        // Better on each of four rows: by chance once in 16.
        NumericColumn target = new("y", new double[rows]);
        Predictions good = new(new float[rows], 1), bad = new([.. Enumerable.Range(1, rows).Select(i => (float)i)], 1);

        Assert.Equal(GateVerdict.Inconclusive, Gate.Decide(Regression, target, good, bad, new GateOptions { Metric = metric }).Verdict);
        Assert.Equal(GateVerdict.Promote, Gate.Decide(Regression, new NumericColumn("y", new double[40]), new(new float[40], 1), new([.. Enumerable.Range(1, 40).Select(i => (float)i)], 1), new GateOptions { Metric = metric }).Verdict);
    }

    [Fact]
    public void Decide_AucOfFewPositives_IsInconclusive()
    {
        TextColumn target = TextColumn.From("y", Enumerable.Range(0, 100).Select(i => i < 9 ? "yes" : "no"));
        Predictions good = new([.. Enumerable.Range(0, 100).SelectMany(i => i < 9 ? new[] { 0.1f, 0.9f } : [0.9f, 0.1f])], 2);

        GateResult result = Gate.Decide(Binary, target, good, null, new GateOptions { Metric = "rocAuc" });

        Assert.Equal((GateVerdict.Inconclusive, null), (result.Verdict, result.Lower));
        Assert.Contains("too few of a class", result.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_TooFewRows_IsInconclusiveAndSaysHowManyMore()
    {
        Random random = new(3);
        double[] truth = [.. Enumerable.Range(0, 20).Select(_ => Normal(random))];
        Predictions a = new([.. truth.Select(y => (float)(y + (0.95 * Normal(random))))], 1);
        Predictions b = new([.. truth.Select(y => (float)(y + Normal(random)))], 1);

        GateResult result = Gate.Decide(Regression, new NumericColumn("y", truth), a, b, new GateOptions());

        Assert.Equal(GateVerdict.Inconclusive, result.Verdict);
        Assert.Matches("needs about [0-9,]+ more rows", Assert.Single(result.Reasons));
    }

    [Fact]
    public void Decide_MissedFloor_RejectsAndNamesIt()
    {
        (NumericColumn target, Predictions good, Predictions bad) = GoodAndBad(200);

        GateResult result = Gate.Decide(Regression, target, good, bad, new GateOptions { Floors = new Dictionary<string, double> { ["rmse"] = 0.01, ["r2"] = 0.1 } });

        Assert.Equal(GateVerdict.Reject, result.Verdict);
        Assert.Contains(result.Reasons, r => r.Contains("rmse is", StringComparison.Ordinal) && r.Contains("at most 0.01", StringComparison.Ordinal));
        Assert.DoesNotContain(result.Reasons, r => r.Contains("r2 is", StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_NoChampion_PromotesOnlyWhatBeatsTheBestConstant()
    {
        (NumericColumn target, Predictions good, _) = GoodAndBad(100);
        Predictions constant = new([.. Enumerable.Repeat(0.1f, 100)], 1);

        GateResult promoted = Gate.Decide(Regression, target, good, null, new GateOptions());
        GateResult refused = Gate.Decide(Regression, target, constant, null, new GateOptions());

        Assert.Equal(GateVerdict.Promote, promoted.Verdict);
        Assert.Null(promoted.Champion);
        Assert.NotNull(promoted.Difference);
        Assert.NotEqual(GateVerdict.Promote, refused.Verdict);
    }

    [Fact]
    public void Decide_SameSeed_GivesTheSameResult()
    {
        (NumericColumn target, Predictions good, Predictions bad) = GoodAndBad(100);
        Assert.Equivalent(Gate.Decide(Regression, target, good, bad, new GateOptions(), 9), Gate.Decide(Regression, target, good, bad, new GateOptions(), 9), true);
    }

    [Theory]
    [InlineData(-0.1, 0.05, 1000, "margin")]
    [InlineData(double.NaN, 0.05, 1000, "margin")]
    [InlineData(0, 0, 1000, "alpha")]
    [InlineData(0, 0.5, 1000, "alpha")]
    [InlineData(0, 0.05, 10, "resamples")]
    public void Decide_OptionOutOfRange_NamesIt(double margin, double alpha, int resamples, string name)
    {
        (NumericColumn target, Predictions good, _) = GoodAndBad(10);

        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Gate.Decide(Regression, target, good, null, new GateOptions { Margin = margin, Alpha = alpha, Resamples = resamples }));

        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Align_OtherClasses_ReordersFillsAndDrops()
    {
        Predictions aligned = PredictionAlignment.Align(new Predictions([0.1f, 0.2f, 0.7f], 3), ["a", "b", "gone"], ["b", "new", "a"]);

        Assert.Equal([0.2f, 0, 0.1f], aligned.Scores.ToArray());
    }

    /// <summary>Models that are in truth equally good: promotions beyond α are false.</summary>
    private static void AssertFalsePromotions(int rows, string metric, Func<Random, (LearningTask, Column, Predictions, Predictions)> make)
    {
        const int simulations = 600;
        const double alpha = 0.05;
        Random random = new(rows);
        int promoted = 0;
        for (int s = 0; s < simulations; s++)
        {
            (LearningTask task, Column target, Predictions candidate, Predictions champion) = make(random);
            GateResult result = Gate.Decide(task, target, candidate, champion, new GateOptions { Metric = metric, Alpha = alpha }, (ulong)s);
            promoted += result.Verdict == GateVerdict.Promote ? 1 : 0;
        }

        // Three standard errors of the simulation above α: a gate at 2 α would fail; and one that never promotes is a defect too.
        double error = Math.Sqrt(alpha * (1 - alpha) / simulations);
        TestContext.Current.TestOutputHelper?.WriteLine($"{metric}, {rows} rows: {(double)promoted / simulations:P1} promoted");
        Assert.InRange((double)promoted / simulations, 0.005, alpha + (3 * error));
    }

    private static (NumericColumn Target, Predictions Good, Predictions Bad) GoodAndBad(int rows)
    {
        Random random = new(1);
        double[] truth = [.. Enumerable.Range(0, rows).Select(_ => Normal(random))];
        return (
            new NumericColumn("y", truth),
            new Predictions([.. truth.Select(y => (float)(y + (0.3 * Normal(random))))], 1),
            new Predictions([.. truth.Select(y => (float)(y + (0.9 * Normal(random))))], 1));
    }

    private static double Sigmoid(double s) => 1 / (1 + Math.Exp(-s));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
}
