using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.ChangePoints;

namespace Mlops.Core.Tests.Statistics;

public class LossChangeTests
{
    private static readonly string[] s_columns = ["region", "x"];

    [Fact]
    public void Of_OneSliceThatIsWrongMoreOften_IsNamedFirst_OnThePageToo()
    {
        DataTable reference = Table(1, 2000), window = Table(2, 2000);
        LossProfile before = LossProfile.Cut(reference, s_columns, Losses(reference, 1, 0.1), isShare: true);
        LossChange change = LossChange.Of(before, before.Of(window, Losses(window, 2, 0.6)), 0.001);

        Assert.Equal(("region", "<b>"), (change.Causes[0].Column, change.Causes[0].Slice));
        Assert.True(change.PValue < 1e-9 && change.Causes[0].AdjustedPValue < 1e-9);
        Assert.Equal(change.Loss - change.ReferenceLoss, change.Causes[0].Mix + change.Causes[0].Rate, 0.03);
        Assert.Contains("the model has become worse", change.Summary, StringComparison.Ordinal);

        DriftReport report = DriftTest.Compare(reference, window, new DriftOptions()) with { Loss = change };
        Assert.Contains("region: &lt;b&gt;</td><td class=\"n\">+", report.ToHtml("t"), StringComparison.Ordinal);
        Assert.Equal(report.ToJson(), DriftReport.FromJson(report.ToJson()).ToJson());
    }

    [Fact]
    public void Of_NothingChanged_IsCalledWorseNoMoreOftenThanAlpha()
    {
        int called = 0;
        for (int run = 0; run < 200; run++)
        {
            DataTable reference = Table(run, 300), window = Table(run + 1000, 200);
            LossProfile before = LossProfile.Cut(reference, s_columns, Losses(reference, run, 0.1), isShare: true);
            called += LossChange.Of(before, before.Of(window, Losses(window, run + 1000, 0.1)), 0.05).Summary.Contains("chance alone", StringComparison.Ordinal) ? 0 : 1;
        }

        // α = 0.05 of 200 is 10; 99.9 % of binomial samples stay at or below 20.
        Assert.InRange(called, 1, 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(29)]
    public void Of_FewLabels_SaysHowManyAreNeeded(int labels)
    {
        DataTable reference = Table(1, 300);
        LossProfile before = LossProfile.Cut(reference, s_columns, Losses(reference, 1, 0.1), isShare: true);
        LossChange change = LossChange.Of(before, before.Of(reference, [.. Losses(reference, 2, 0.9).Select((loss, i) => i < labels ? loss : double.NaN)]), 0.05);
        Assert.Empty(change.Causes);
        Assert.Equal(labels, change.Rows);
        Assert.True(double.IsNaN(change.PValue));
        Assert.Contains($"The truth is known of {labels} predictions", change.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AllRightThenAllWrong_IsNoChance()
    {
        DataTable reference = Table(1, 300);
        LossProfile before = LossProfile.Cut(reference, s_columns, [.. Enumerable.Repeat(0.0, 300)], isShare: true);
        Assert.Equal(0, LossChange.Of(before, before.Of(reference, [.. Enumerable.Repeat(1.0, 300)]), 0.05).PValue);
        Assert.Equal(1, LossChange.Of(before, before, 0.05).PValue);
    }

    [Fact]
    public void Of_OneLabelBeyondAllMeasure_IsNoProofOfAChange()
    {
        DataTable reference = Table(1, 300);
        LossProfile before = LossProfile.Cut(reference, s_columns, Worlds.Numbers("uniform", 300, 1), isShare: false);
        double[] after = Worlds.Numbers("uniform", 300, 2);
        after[7] = 1e300;
        LossChange change = LossChange.Of(before, before.Of(reference, after), 0.05);
        Assert.Equal(1, change.PValue);
        Assert.Contains("chance alone explains the difference", change.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_OfParts_EqualsTheWhole_AlsoStored_AndOtherKindsCountAsMissing()
    {
        DataTable reference = Table(1, 900), window = Table(2, 900);
        double[] losses = [.. Losses(window, 2, 0.4).Select((loss, i) => i % 5 == 0 ? double.NaN : loss)];
        LossProfile before = LossProfile.Cut(reference, s_columns, Losses(reference, 1, 0.1), isShare: true), whole = before.Of(window, losses);
        LossProfile stored = JsonSerializer.Deserialize<LossProfile>(JsonSerializer.Serialize(before))!;
        int[] first = [.. Enumerable.Range(0, 400)], rest = [.. Enumerable.Range(400, 500)];
        LossProfile merged = stored.Of(window.Take(first), losses[..400]).Merge(stored.Of(window.Take(rest), losses[400..]));
        Assert.Equal(720, merged.Total.Count);
        Assert.Equal(whole.Columns.SelectMany(c => c.Slices).Select(s => (s.Count, Math.Round(s.Mean, 12))), merged.Columns.SelectMany(c => c.Slices).Select(s => (s.Count, Math.Round(s.Mean, 12))));

        LossProfile other = before.Of(new DataTable([TextColumn.From("x", Enumerable.Repeat("now a text", 50))]), [.. Enumerable.Repeat(1.0, 50)]);
        Assert.All(other.Columns, column => Assert.Equal((50L, 50L), (column.Slices[^1].Count, column.Slices.Sum(s => s.Count))));
        Assert.Throws<ArgumentException>(() => before.Of(window, [1]));
        Assert.Throws<ArgumentException>(() => before.Merge(before with { Columns = [.. before.Columns.Reverse()] }));
    }

    [Fact]
    public void HoldoutLosses_OfAModel_AreItsErrors()
    {
        NumericColumn x = new("x", [.. Enumerable.Range(0, 400).Select(i => i / 100.0)]);
        DataTable rows = new([x, new NumericColumn("y", [.. x.Values.ToArray().Select((v, i) => i == 7 ? double.NaN : 2 * v)])]);
        FittedModel model = Trainer.Fit(rows, new LearningTask(TaskKind.Regression, "y", [], ["x"]), new CandidateSpec("linear", new Dictionary<string, double>()), 1);
        LossProfile losses = HoldoutLosses.Of(model, rows)!;
        Assert.False(losses.IsShare);
        Assert.Equal(399, losses.Total.Count);
        Assert.Equal(Metrics.Of(model.Task, rows["y"], model.Predict(rows))["mae"], losses.Total.Mean, 1e-9);
        Assert.Equal(["x"], losses.Columns.Select(c => c.Column));
    }

    private static DataTable Table(int seed, int rows) => new([
        TextColumn.From("region", Enumerable.Range(0, rows).Select(i => i % 50 == 0 ? null : ((i * 7) + seed) % 3 == 0 ? "<b>" : "a")), new NumericColumn("x", Worlds.Numbers("discrete", rows, seed))]);

    /// <summary>One in ten wrong; in region b another share.</summary>
    private static double[] Losses(DataTable table, int seed, double inB)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, table.RowCount).Select(i => random.NextDouble() < (table["region"].Text(i) == "<b>" ? inB : 0.1) ? 1.0 : 0)];
    }
}
