using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Xunit;

namespace Mlops.Core.Tests.Evaluation;

public class SlicesTests
{
    private static readonly LearningTask Task = new(TaskKind.Regression, "y", [], ["city", "age", "noise"]);

    [Fact]
    public void Find_ModelBadInOnePlace_PutsItFirst()
    {
        (DataTable table, Predictions predictions) = Table(1, (city, age) => city == "Oslo" && age > 75 ? 3 : 0.5);

        IReadOnlyList<Slice> slices = Slices.Find(Task, table, predictions);

        Assert.True(slices[0].Significant);
        Assert.Contains("city = Oslo", slices[0].Description, StringComparison.Ordinal);
        Assert.Contains("age 75", slices[0].Description, StringComparison.Ordinal);
        Assert.True(slices[0].Loss > 5 * slices[0].RestLoss);
    }

    [Fact]
    public void Find_ModelEquallyGoodEverywhere_SeldomFindsAnything()
    {
        // Benjamini and Hochberg under the null: any discovery at all in about 5 % of the tables.
        int tablesWithDiscovery = Enumerable.Range(0, 60).Count(seed =>
        {
            (DataTable table, Predictions predictions) = Table(seed, (_, _) => 1);
            return Slices.Find(Task, table, predictions).Any(s => s.Significant);
        });

        Assert.InRange(tablesWithDiscovery, 0, 10);
    }

    [Fact]
    public void Find_MissingValues_AreASliceOfTheirOwn()
    {
        (DataTable table, Predictions predictions) = Table(2, (city, _) => city is null ? 4 : 0.5);

        Assert.Contains("city is missing", Slices.Find(Task, table, predictions)[0].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Fairness_KnownRates_AreReported()
    {
        // Group a: 2 of 4 have it, found 1, 1 false alarm. Group b: 1 of 4 has it, found, no false alarm. Group c is too small.
        LearningTask task = new(TaskKind.Binary, "y", ["no", "yes"], ["x"]);
        string[] groups = ["a", "a", "a", "a", "b", "b", "b", "b", "c"];
        string[] truth = ["yes", "yes", "no", "no", "yes", "no", "no", "no", "no"];
        int[] predicted = [1, 0, 1, 0, 1, 0, 0, 0, 1];

        FairnessReport report = Fairness.Of(
            task, TextColumn.From("y", truth), new Predictions([.. predicted.SelectMany(p => new[] { 1f - p, p })], 2), TextColumn.From("g", groups), 1, minRows: 4);

        Assert.Equal(["a", "b"], report.Groups.Select(g => g.Group));
        Assert.Equal([0.5, 0.25], report.Groups.Select(g => g.SelectionRate));
        Assert.Equal([0.5, 1], report.Groups.Select(g => g.TruePositiveRate));
        Assert.Equal([0.5, 0], report.Groups.Select(g => g.FalsePositiveRate));
        Assert.Equal(0.25, report.ParityDifference);
        Assert.Equal(0.5, report.ParityRatio);
        Assert.Equal(0.5, report.OpportunityDifference);
        Assert.Equal(0.5, report.OddsDifference);
        Assert.Equal(0.5, report.AccuracyDifference);
        Assert.Equal(1, report.Skipped);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 10)]
    [InlineData(10, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Cheapest_AnyCosts_EqualsTryingEveryThreshold(double falsePositive, double falseNegative)
    {
        Random random = new(4);
        LearningTask task = new(TaskKind.Binary, "y", ["no", "yes"], ["x"]);
        float[] p = [.. Enumerable.Range(0, 60).Select(_ => random.Next(20) / 20f)];
        bool[] yes = [.. p.Select(v => random.NextDouble() < v)];

        DecisionThreshold best = DecisionThresholds.Cheapest(
            task, TextColumn.From("y", yes.Select(v => v ? "yes" : "no")), new Predictions([.. p.SelectMany(v => new[] { 1 - v, v })], 2), falsePositive, falseNegative);

        double Cost(double t) => p.Select((v, i) => v >= t ? (yes[i] ? 0 : falsePositive) : yes[i] ? falseNegative : 0).Sum() / p.Length;
        Assert.Equal(Enumerable.Range(0, 44).Min(i => Cost((i - 0.5) / 40 * 2)), best.Cost, 9);
        Assert.Equal(Cost(best.Threshold), best.Cost, 9);
    }

    private static (DataTable Table, Predictions Predictions) Table(int seed, Func<string?, double, double> error)
    {
        Random random = new(seed);
        const int rows = 1200;
        string?[] city = [.. Enumerable.Range(0, rows).Select(_ => random.Next(8) == 0 ? null : new[] { "Oslo", "Bergen", "Trondheim" }[random.Next(3)])];
        double[] age = [.. Enumerable.Range(0, rows).Select(_ => Math.Floor(random.NextDouble() * 100))];
        double[] noise = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())];
        double[] y = [.. Enumerable.Range(0, rows).Select(i => error(city[i], age[i]) * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble()))];
        return (new DataTable([TextColumn.From("city", city), new NumericColumn("age", age), new NumericColumn("noise", noise), new NumericColumn("y", y)]), new Predictions(new float[rows], 1));
    }
}
