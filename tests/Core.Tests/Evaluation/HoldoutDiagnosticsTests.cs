using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Xunit;

namespace Mlops.Core.Tests.Evaluation;

public class HoldoutDiagnosticsTests
{
    [Fact]
    public void Of_TwoClasses_AgreesWithTheMetrics()
    {
        (LearningTask task, HoldoutRows rows, Predictions predictions) = Binary(400, _ => 1);

        HoldoutDiagnostics found = HoldoutDiagnostics.Of(task, rows, predictions, 1, TestContext.Current.CancellationToken);

        IReadOnlyDictionary<string, double> metrics = Metrics.Of(task, rows.Target, predictions);
        Assert.Equal(metrics, found.Intervals.ToDictionary(interval => interval.Metric, interval => interval.Value));
        Assert.All(found.Intervals, interval => Assert.True(interval.Lower < interval.Upper, interval.Metric));
        Assert.All(found.Intervals.Where(interval => interval.Metric is "logLoss" or "accuracy" or "rocAuc"), interval => Assert.InRange(interval.Value, interval.Lower, interval.Upper));
        Assert.Equal(400, found.Confusion.Sum(row => row.Sum()));
        Assert.Equal(metrics["accuracy"], (found.Confusion[0][0] + found.Confusion[1][1]) / 400, 1e-12);
        Assert.Equal(400, found.Calibration.Sum(bin => bin.Rows));
        Assert.Equal(1, found.Lift[^1].CumulativeGain, 1e-12);
        Assert.True(found.Lift[0].Lift > 1.5);
    }

    [Fact]
    public void Of_RowsOfWeightTwo_CountTwice()
    {
        (LearningTask task, HoldoutRows rows, Predictions predictions) = Binary(300, i => i % 3);
        int[] copies = [.. Enumerable.Range(0, 300).SelectMany(i => Enumerable.Repeat(i, i % 3))];
        HoldoutRows repeated = new(rows.Target.Take(copies));
        Predictions theirs = new([.. copies.SelectMany(i => predictions.Row(i).ToArray())], 2);

        HoldoutDiagnostics weighted = HoldoutDiagnostics.Of(task, rows, predictions, 1, TestContext.Current.CancellationToken);
        HoldoutDiagnostics expected = HoldoutDiagnostics.Of(task, repeated, theirs, 1, TestContext.Current.CancellationToken);

        Assert.Equal(expected.Confusion, weighted.Confusion);
        Assert.Equal(expected.Calibration.Select(bin => Math.Round(bin.Actual, 9)), weighted.Calibration.Select(bin => Math.Round(bin.Actual, 9)));
        Assert.All(expected.Lift.Zip(weighted.Lift), pair => Assert.Equal(pair.First.CumulativeLift, pair.Second.CumulativeLift, 0.05));
        Assert.All(expected.Intervals.Zip(weighted.Intervals), pair => Assert.Equal(pair.First.Value, pair.Second.Value, 1e-9));
    }

    [Fact]
    public void Of_RowsThatShareTheirErrors_GiveWiderIntervals()
    {
        // Twenty blocks of twenty rows with one error each say as much as twenty rows.
        Random random = new(2);
        double[] errors = [.. Enumerable.Range(0, 20).Select(_ => random.NextDouble() * 10)];
        HoldoutRows alone = new(new NumericColumn("y", [.. Enumerable.Range(0, 400).Select(i => errors[i / 20])]));
        LearningTask task = new(TaskKind.Regression, "y", [], ["x"]);
        Predictions zeros = new(new float[400], 1);
        double Width(HoldoutRows rows)
        {
            MetricInterval mae = HoldoutDiagnostics.Of(task, rows, zeros, 1, TestContext.Current.CancellationToken).Intervals.Single(interval => interval.Metric == "mae");
            return mae.Upper - mae.Lower;
        }

        Assert.True(Width(alone with { Blocks = [.. Enumerable.Range(0, 400).Select(i => i / 20)] }) > 3 * Width(alone));
        Assert.Empty(HoldoutDiagnostics.Of(task, alone, zeros, 1, TestContext.Current.CancellationToken).Confusion);
    }

    private static (LearningTask Task, HoldoutRows Rows, Predictions Predictions) Binary(int count, Func<int, double> weight)
    {
        Random random = new(1);
        float[] p = [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble())];
        TextColumn target = TextColumn.From("y", p.Select(v => random.NextDouble() < v ? "yes" : "no"));
        return (
            new LearningTask(TaskKind.Binary, "y", ["no", "yes"], ["x"]),
            new HoldoutRows(target) { Weights = new NumericColumn("w", [.. Enumerable.Range(0, count).Select(weight)]) },
            new Predictions([.. p.SelectMany(v => new[] { 1 - v, v })], 2));
    }
}
