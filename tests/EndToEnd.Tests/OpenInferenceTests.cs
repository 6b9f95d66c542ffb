using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class OpenInferenceTests(Platform platform)
{
    [Fact]
    public async Task V2_DescribesTheModel_AndAnswersLikePredict()
    {
        string model = TestNames.Model("v2");
        (await platform.GetAsync("/v2/health/live")).Expect(HttpStatusCode.OK);
        (await platform.GetAsync($"/v2/models/{model}/ready")).Expect(HttpStatusCode.NotFound);
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(51));
        await platform.PipelineOfAsync(model, "rows.csv");
        await platform.ChampionAsync(model, 1);

        await Eventually.HoldsAsync("the model is ready", async () => (await platform.GetAsync($"/v2/models/{model}/ready")).Status == HttpStatusCode.OK);
        JsonElement metadata = (await platform.GetAsync($"/v2/models/{model}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("onnx_onnxv1", metadata.GetProperty("platform").GetString());
        Assert.Equal(["x1", "x2", "colour"], metadata.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("name").GetString()));
        Assert.Equal(["FP32", "FP32", "BYTES"], metadata.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("datatype").GetString()));

        JsonElement answer = (await platform.PostAsync($"/v2/models/{model}/infer", new
        {
            id = "42",
            inputs = new object[]
            {
                new { name = "x1", shape = new[] { 2, 1 }, datatype = "FP32", data = new[] { -1.5, 1.5 } },
                new { name = "x2", shape = new[] { 2, 1 }, datatype = "FP32", data = new[] { -1.0, 1.0 } },
                new { name = "colour", shape = new[] { 2 }, datatype = "BYTES", data = new[] { "red", "red" } },
            },
        })).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("42", model, "1"), (answer.GetProperty("id").GetString(), answer.GetProperty("model_name").GetString(), answer.GetProperty("model_version").GetString()));
        JsonElement[] outputs = [.. answer.GetProperty("outputs").EnumerateArray()];
        Assert.Equal(["no", "yes"], outputs.Single(output => output.GetProperty("name").GetString() == "label").GetProperty("data").EnumerateArray().Select(value => value.GetString()));
        float[] scores = [.. outputs.Single(output => output.GetProperty("name").GetString() == "probabilities").GetProperty("data").EnumerateArray().Select(value => value.GetSingle())];
        JsonElement predicted = (await platform.PredictAsync(model, [SeededData.Row(false), SeededData.Row(true)])).Expect(HttpStatusCode.OK).Json.GetProperty("predictions");
        Assert.Equal(scores, predicted.EnumerateArray().SelectMany(row => row.GetProperty("probabilities").EnumerateObject().Select(value => value.Value.GetSingle())));

        Answer wrong = await platform.PostAsync($"/v2/models/{model}/infer", new { inputs = new object[] { new { name = "x1", shape = new[] { 1 }, datatype = "FP32", data = new[] { "a" } } } });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        string error = wrong.Json.GetProperty("error").GetString()!;
        Assert.Contains("x1", error, StringComparison.Ordinal);
        Assert.Contains("x2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Regression_PredictsNumbers()
    {
        string model = TestNames.Model("number");
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        Random random = new(3);
        string csv = "a,b,y\n" + string.Concat(Enumerable.Range(0, 300).Select(_ => (A: random.NextDouble(), B: random.NextDouble()))
            .Select(x => FormattableString.Invariant($"{x.A:0.####},{x.B:0.####},{(3 * x.A) - x.B:0.####}\n")));
        await platform.DropAsync(model, "rows.csv", csv);
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);
        JsonElement row = (await platform.PredictAsync(model, [new { a = 0.5, b = 0.5 }])).Expect(HttpStatusCode.OK).Json.GetProperty("predictions")[0];
        Assert.Equal(1.0, row.GetProperty("value").GetDouble(), 0.15);
        Assert.False(row.TryGetProperty("label", out _));
    }
}
