using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Explanation;
using Xunit;

namespace Mlops.Core.Tests.Learning.Explanation;

public class InspectionTests
{
    private static readonly LearningTask Task = new(TaskKind.Regression, "y", [], ["used", "unused", "city"]);

    [Fact]
    public void PermutationImportance_KnownModel_SeesWhatItUses()
    {
        IReadOnlyList<PermutationEffect> effects = PermutationImportance.Of(Task, Model, Table(), 1, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["used", "city", "unused"], effects.Select(e => e.Feature));
        Assert.True(effects[0].Loss > 1);
        Assert.Equal(0, effects[2].Loss);
        Assert.Equal(effects, PermutationImportance.Of(Task, Model, Table(), 1, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void PermutationImportance_HigherIsBetterMetric_IsPositiveToo() =>
        Assert.True(PermutationImportance.Of(Task, Model, Table(), 1, 2, "r2", ["used"], TestContext.Current.CancellationToken)[0].Loss > 0);

    [Fact]
    public void PartialDependence_AdditiveModel_IsTheColumnsPart()
    {
        DataTable table = Table();

        IReadOnlyList<DependencePoint> curve = PartialDependence.Of(Model, table, "used", 5, 200, TestContext.Current.CancellationToken);
        IReadOnlyList<DependencePoint> cities = PartialDependence.Of(Model, table, "city", 5, 200, TestContext.Current.CancellationToken);

        double[] values = [.. curve.Select(p => double.Parse(p.Value!, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(5, curve.Count);
        for (int i = 1; i < 5; i++)
        {
            Assert.Equal(10 * (values[i] - values[i - 1]), curve[i].Predictions[0] - curve[i - 1].Predictions[0], 4);
        }

        Assert.Equal(["Oslo", "Bergen", null], cities.Select(p => p.Value).OrderByDescending(v => v, StringComparer.Ordinal));
        Assert.Equal(1, cities.Single(c => c.Value == "Oslo").Predictions[0] - cities.Single(c => c.Value == "Bergen").Predictions[0], 4);
    }

    private static Predictions Model(DataTable rows)
    {
        NumericColumn used = (NumericColumn)rows["used"];
        return new Predictions([.. Enumerable.Range(0, rows.RowCount).Select(i => (float)((10 * used.Values[i]) + (rows["city"].Text(i) == "Oslo" ? 1 : 0)))], 1);
    }

    private static DataTable Table()
    {
        Random random = new(1);
        double[] used = [.. Enumerable.Range(0, 200).Select(_ => random.NextDouble())];
        string?[] city = [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? null : i % 2 == 0 ? "Oslo" : "Bergen")];
        return new DataTable(
        [
            new NumericColumn("used", used),
            new NumericColumn("unused", [.. used.Select(_ => random.NextDouble())]),
            TextColumn.From("city", city),
            new NumericColumn("y", [.. used.Select((v, i) => (10 * v) + (city[i] == "Oslo" ? 1 : 0) + (0.01 * random.NextDouble()))]),
        ]);
    }
}
