using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Xunit;

namespace Mlops.Core.Tests.Evaluation;

public class ModelExplanationTests
{
    private static readonly LearningTask Task = new(TaskKind.Regression, "y", [], ["a", "b", "noise", "city"]);

    [Theory]
    [InlineData("linear")]
    [InlineData("boosting")]
    public void Of_KnownRule_RanksColumnsAndFindsTheWorstPlace(string trainer)
    {
        // y = 4a + b, and in Oslo chance is added that no model can know.
        FittedModel model = Trainer.Fit(Table(1, 600), Task, new CandidateSpec(trainer, new Dictionary<string, double>()), 7, null, TestContext.Current.CancellationToken);
        ModelExplanation explanation = ModelExplanation.Of(model, Table(2, 400), "rmse", 1, TestContext.Current.CancellationToken);
        Assert.Equal(["a", "b"], explanation.Columns.Take(2).Select(column => column.Column));
        Assert.Equal(4, explanation.Columns.Count);
        // E|4a − 4·E[a]| for a uniform on 0 … 1 is 1, and a quarter of that for b.
        Assert.Equal(1.0, explanation.Columns[0].Effect, 0.2);
        Assert.Equal(0.25, explanation.Columns[1].Effect, 0.15);
        // Shuffling a costs √(2·Var(4a)) ≈ 1.6 of RMSE, less what is noise already; the curve of a rises by nearly 4.
        Assert.Equal("a", explanation.Shuffled[0].Feature);
        Assert.InRange(explanation.Shuffled[0].Loss, 0.8, 1.8);
        Assert.InRange(explanation.Shuffled.Single(effect => effect.Feature == "noise").Loss, -0.1, 0.1);
        Assert.Equal(["a", "b"], explanation.Curves.Take(2).Select(curve => curve.Column));
        Assert.InRange(explanation.Curves[0].Points[^1].Predictions[0] - explanation.Curves[0].Points[0].Predictions[0], 3, 4.5);
        Assert.Equal(400, explanation.SlicedRows);
        Assert.InRange(explanation.Slices.Count, 1, ModelExplanation.MaximumSlices);
        Assert.Contains("city = Oslo", explanation.Slices[0].Description, StringComparison.Ordinal);
        Assert.True(explanation.Slices[0].Significant);
        Assert.All(explanation.Slices, slice => Assert.True(slice.Loss > slice.RestLoss));
    }

    [Fact]
    public void Of_ManyColumnsAndLongTexts_StaysSmall()
    {
        string[] places = [new string('x', 5_000) + "a", new string('x', 5_000) + "b"];
        Random random = new(3);
        double[] y = [.. Enumerable.Range(0, 800).Select(_ => random.NextDouble())];
        List<Column> columns = [.. Enumerable.Range(0, 80).Select(j => (Column)new NumericColumn($"c{j}", [.. y.Select(_ => random.NextDouble())], ColumnKind.Number))];
        columns.Add(TextColumn.From("place", [.. y.Select((_, i) => places[i % 2])]));
        columns.Add(new NumericColumn("y", [.. y.Select((value, i) => i % 2 == 0 ? value : 20 * value)], ColumnKind.Number));
        DataTable table = new([.. columns]);
        LearningTask task = new(TaskKind.Regression, "y", [], [.. columns.Select(column => column.Name).Where(name => name != "y")]);
        FittedModel model = Trainer.Fit(table, task, new CandidateSpec("linear", new Dictionary<string, double>()), 7, null, TestContext.Current.CancellationToken);
        ModelExplanation explanation = ModelExplanation.Of(model, table, "rmse", 1, TestContext.Current.CancellationToken);
        Assert.Equal(ModelExplanation.MaximumColumns, explanation.Columns.Count);
        Assert.Equal("place", explanation.Columns[0].Column);
        Assert.Equal(ModelExplanation.MaximumShuffled, explanation.Shuffled.Count);
        Assert.Equal(ModelExplanation.MaximumCurves, explanation.Curves.Count);
        Assert.All(explanation.Curves.SelectMany(curve => curve.Points), point => Assert.InRange(point.Value!.Length, 1, ModelExplanation.MaximumDescription));
        Assert.Equal(500, explanation.ExplainedRows);
        Assert.Equal(ModelExplanation.MaximumSlices, explanation.Slices.Count);
        Assert.All(explanation.Slices, slice => Assert.InRange(slice.Description.Length, 1, ModelExplanation.MaximumDescription));
    }

    private static DataTable Table(int seed, int rows)
    {
        Random random = new(seed);
        double[] a = new double[rows], b = new double[rows], noise = new double[rows], y = new double[rows];
        string[] city = new string[rows];
        for (int i = 0; i < rows; i++)
        {
            (a[i], b[i], noise[i]) = (random.NextDouble(), random.NextDouble(), random.NextDouble());
            city[i] = new[] { "Oslo", "Rome", "Bonn", "Lyon" }[random.Next(4)];
            y[i] = (4 * a[i]) + b[i] + (city[i] == "Oslo" ? 3 * (random.NextDouble() - 0.5) : 0);
        }

        return new DataTable([
            new NumericColumn("a", a, ColumnKind.Number), new NumericColumn("b", b, ColumnKind.Number), new NumericColumn("noise", noise, ColumnKind.Number),
            TextColumn.From("city", city), new NumericColumn("y", y, ColumnKind.Number)]);
    }
}
