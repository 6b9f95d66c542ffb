using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Serving;
using Mlops.Functions.Inference;

namespace Mlops.Functions.Tests.Inference;

public class OnnxModelTests
{
    // Rows are scored in blocks: none may be left out, scored twice or mixed up, whatever their number.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(700)]
    public void Score_AnyNumberOfRows_GivesEachItsOwnScores(int count)
    {
        (FittedModel model, OnnxModel onnx, DataTable rows) = Make();
        using OnnxModel disposed = onnx;
        DataTable asked = rows.Take([.. Enumerable.Range(0, count).Select(i => i * 7 % rows.RowCount)]);

        Predictions scores = onnx.Score(asked, TestContext.Current.CancellationToken);

        Predictions expected = model.Predict(asked);
        Assert.Equal(count, scores.Rows);
        for (int i = 0; i < expected.Scores.Length; i++)
        {
            Assert.Equal(expected.Scores[i], scores.Scores[i], 1e-5);
        }
    }

    [Fact]
    public void Score_Cancelled_EndsSo()
    {
        (FittedModel _, OnnxModel onnx, DataTable rows) = Make();
        using OnnxModel disposed = onnx;

        Assert.ThrowsAny<OperationCanceledException>(() => onnx.Score(rows, new CancellationToken(canceled: true)));
    }

    /// <summary>A model of columns of every kind, with missing values.</summary>
    private static (FittedModel Model, OnnxModel Onnx, DataTable Rows) Make()
    {
        Random random = new(6);
        const int Rows = 400;
        double[] x = [.. Enumerable.Range(0, Rows).Select(i => i % 11 == 0 ? double.NaN : random.NextDouble())];
        string?[] city = [.. Enumerable.Range(0, Rows).Select(i => i % 13 == 0 ? null : $"c{random.Next(40)}")];
        double[] whole = [.. Enumerable.Range(0, Rows).Select(_ => (double)random.Next(100))];
        DataTable rows = new(
        [
            new NumericColumn("x", x),
            TextColumn.From("city", city),
            new NumericColumn("whole", whole, ColumnKind.Integer),
            new NumericColumn("when", [.. whole.Select(v => v * 86_400)], ColumnKind.Timestamp),
            TextColumn.From("y", Enumerable.Range(0, Rows).Select(i => (x[i] > 0.5 || city[i]?.Length == 2) ^ random.Next(5) == 0 ? "a" : whole[i] > 50 ? "b" : "c")),
        ]);
        LearningTask task = new(TaskKind.MultiClass, "y", ["a", "b", "c"], ["x", "city", "whole", "when"]);
        FittedModel model = Trainer.Fit(rows, task, new CandidateSpec("boosting", new Dictionary<string, double> { ["iterations"] = 20 }), 1);
        ModelSignature signature = new(task.Kind, task.Target, task.Classes, [.. model.Inputs.Select(input => new InputColumn(input.Key, input.Value))]);
        return (model, new OnnxModel(model.ToOnnx(new Dictionary<string, string> { [ModelSignature.MetadataKey] = signature.ToJson() })), rows);
    }
}
