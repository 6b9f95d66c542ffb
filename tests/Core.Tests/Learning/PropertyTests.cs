using FsCheck;
using FsCheck.Fluent;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Calibration;
using Mlops.Core.Learning.Forecasting;

namespace Mlops.Core.Tests.Learning;

/// <summary>What holds for every input, by FsCheck.</summary>
public class PropertyTests
{
    private static readonly LearningTask Binary = new(TaskKind.Binary, "y", ["no", "yes"], ["x"]);

    [Fact]
    public void Metrics_AllWeightsTimesAConstant_AreTheSame() => Holds<NonEmptyArray<Tuple<byte, bool, byte>>>(rows =>
    {
        (Column target, Predictions scores) = Scored(rows.Get);
        Column Weights(double by) => new NumericColumn("w", [.. rows.Get.Select(row => (row.Item3 + 1) * by)]);
        IReadOnlyDictionary<string, double> once = Metrics.Of(Binary, target, scores, null, Weights(1));
        IReadOnlyDictionary<string, double> often = Metrics.Of(Binary, target, scores, null, Weights(0.125));
        return once.All(m => Same(m.Value, often[m.Key], 1e-9));
    });

    [Fact]
    public void RocAuc_AnyIncreasingTransform_IsTheSame_AndTheOppositeOrderIsItsComplement() => Holds<NonEmptyArray<Tuple<byte, bool, byte>>>(rows =>
    {
        (Column target, Predictions scores) = Scored(rows.Get);
        double Auc(Func<float, float> transform) => Metrics.Of(Binary, target, new Predictions([.. scores.Scores.ToArray().Select((s, i) => i % 2 == 0 ? 0 : transform(s))], 2))["rocAuc"];
        return Same(Auc(s => s), Auc(s => s * s * s), 1e-12) && Same(Auc(s => s), 1 - Auc(s => 1 - s), 1e-12);
    });

    [Fact]
    public void LogLossAndBrier_AnyPredictions_AreNotNegative_AndAccuracyIsAShare() => Holds<NonEmptyArray<Tuple<byte, bool, byte>>>(rows =>
    {
        (Column target, Predictions scores) = Scored(rows.Get);
        IReadOnlyDictionary<string, double> metrics = Metrics.Of(Binary, target, scores);
        return metrics["logLoss"] >= 0 && metrics["brier"] is >= 0 and <= 1 && metrics["accuracy"] is >= 0 and <= 1 && metrics["mcc"] is >= -1.000001 and <= 1.000001;
    });

    [Fact]
    public void IsotonicFit_AnyPoints_NeverFalls_KeepsTheMean_AndIsItsOwnFit() => Holds<NonEmptyArray<Tuple<short, short>>>(points =>
    {
        double[] x = [.. points.Get.Select(p => (double)p.Item1)];
        double[] y = [.. points.Get.Select(p => (double)p.Item2)];
        IsotonicRegression fit = IsotonicRegression.Fit(x, y);
        double[] fitted = [.. x.Select(fit.At)];
        IsotonicRegression again = IsotonicRegression.Fit(x, fitted);
        return fit.Y.Zip(fit.Y.Skip(1)).All(pair => pair.First <= pair.Second)
            && Same(y.Average(), fitted.Average(), 1e-6)
            && x.Zip(fitted).All(p => Same(again.At(p.First), p.Second, 1e-6));
    });

    [Fact]
    public void Cadence_AnyStepAndPhase_NumbersEveryStepOnce() => Holds<Tuple<PositiveInt, int, NonNegativeInt>>(input =>
    {
        Cadence seconds = new(0, input.Item1.Get, input.Item3.Get % input.Item1.Get);
        Cadence months = new(1 + (input.Item1.Get % 24), 0, 0);
        long month = 1_000 + (Math.Abs((long)input.Item2) % 900);
        return seconds.Index(seconds.At(input.Item2)) == input.Item2 && months.Index(months.At(month)) == month && months.At(month) < months.At(month + 1);
    });

    [Fact]
    public void SyntheticAnomalies_AnyColumns_LeaveTheRowsAndStayFiniteWhereTheyWere() => Holds<NonEmptyArray<Tuple<double, NonNull<string>>>>(rows =>
    {
        DataTable table = new([new NumericColumn("a", [.. rows.Get.Select(row => row.Item1)]), TextColumn.From("b", rows.Get.Select(row => row.Item2.Get))]);
        LearningTask task = new(TaskKind.Anomaly, "anomaly", [SyntheticAnomalies.Ordinary, SyntheticAnomalies.Anomalous], ["a", "b"]);
        DataTable both = SyntheticAnomalies.AddTo(table, task, 1);
        int n = table.RowCount;
        return both.RowCount == 2 * n
            && Enumerable.Range(0, n).All(i => both["a"].Text(i) == table["a"].Text(i) && both["b"].Text(i) == table["b"].Text(i))
            && Enumerable.Range(0, n).All(i => both["b"].Text(n + i) is not { } text || rows.Get.Any(row => row.Item2.Get == text));
    });

    [Fact]
    public void Label_AnyScoresAndThreshold_IsTheSecondClassExactlyFromTheThresholdOn() => Holds<Tuple<byte, byte>>(input =>
    {
        float p = input.Item1 / 255f;
        double threshold = input.Item2 / 255.0;
        return Labels.Of(TaskKind.Binary, [1 - p, p], threshold) == (p >= (float)threshold ? 1 : 0) && Labels.Of(TaskKind.Anomaly, [p], threshold) == (p >= (float)threshold ? 1 : 0);
    });

    private static void Holds<T>(Func<T, bool> property) => Prop.ForAll(ArbMap.Default.ArbFor<T>(), property).MustHold();

    private static bool Same(double a, double b, double tolerance) => (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) <= tolerance;

    private static (Column Target, Predictions Scores) Scored(Tuple<byte, bool, byte>[] rows) =>
        (TextColumn.From("y", rows.Select(row => row.Item2 ? "yes" : "no")), new Predictions([.. rows.SelectMany(row => new[] { 1 - (row.Item1 / 255f), row.Item1 / 255f })], 2));
}
