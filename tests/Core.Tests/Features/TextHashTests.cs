using Mlops.Core.Data;
using Mlops.Core.Features;
using Mlops.Core.Learning;
using Mlops.Core.Tests.Learning;
using Xunit;

namespace Mlops.Core.Tests.Features;

public class TextHashTests
{
    private static readonly string[] Vocabulary = ["good", "bad", "Good", "très", "bien", "日本", "😀", "the", "a,", "\"x\"", "not"];
    private static readonly string[] Spaces = [.. Enumerable.Repeat(" ", 30), "  ", "\t", "\n", " \r\n ", "\u000b", "\f"];

    [Theory]
    [InlineData("linear")]
    [InlineData("boosting")]
    public void ToOnnx_FreeText_AgreesOnEveryRow(string trainer)
    {
        Random random = new(3);
        DataTable train = Table(random, 300);
        LearningTask task = new(TaskKind.Regression, "y", [], ["text", "x"]);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec(trainer, new Dictionary<string, double> { ["textBuckets"] = 16 }), 1, null, TestContext.Current.CancellationToken);

        Assert.Contains(model.Pipeline.Encoders, e => e is TextHashEncoder);
        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));

        OnnxAgreementTests.AssertAgree(model, onnx, train);
        OnnxAgreementTests.AssertAgree(model, onnx, Table(random, 100));
        OnnxAgreementTests.AssertAgree(model, onnx, new DataTable([TextColumn.From("text", [null, null]), new NumericColumn("x", [1, 2])]));
        OnnxAgreementTests.AssertAgree(model, onnx, new DataTable([TextColumn.From("text", ["  "]), new NumericColumn("x", [1])]));
        Assert.True(model.Importance.Single(i => i.Feature == "text").Importance > 0.3);
    }

    [Fact]
    public void Encode_KnownText_CountsWordsAndPairs()
    {
        TextHashEncoder encoder = new("t", 1, ["a", "b", "a b"]);
        float[] counts = new float[3];

        encoder.Encode(TextColumn.From("t", ["a b a", "c", null]), [counts]);

        // a, a b, b, a; the pair "b a" was not seen in training.
        Assert.Equal([4f, 0, 0], counts);
    }

    private static DataTable Table(Random random, int rows)
    {
        string?[] texts = [.. Enumerable.Range(0, rows).Select(_ => random.Next(15) == 0 ? null : string.Concat(
            Enumerable.Range(0, 3 + random.Next(6)).Select(_ => (random.Next(30) == 0 ? $"w{random.Next(1000)}" : Vocabulary[random.Next(Vocabulary.Length)]) + Spaces[random.Next(Spaces.Length)])))];
        return new DataTable(
        [
            TextColumn.From("text", texts),
            new NumericColumn("x", [.. texts.Select(_ => random.NextDouble())]),
            new NumericColumn("y", [.. texts.Select(t => (t?.Split("good").Length ?? 0) - (t?.Split("bad").Length ?? 0) + (0.1 * random.NextDouble()))]),
        ]);
    }
}
