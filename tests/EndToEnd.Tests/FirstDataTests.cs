using System.Globalization;
using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class FirstDataTests(Platform platform)
{
    [Fact]
    public async Task Drop_RealData_BecomesAServedModel()
    {
        var model = TestNames.Model("penguins");
        await platform.DropAsync(model, "first.csv", RealData.ToCsv(RealData.Penguins));
        var pipeline = await platform.PipelineOfAsync(model, "first.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);

        var rows = RealData.Penguins.Where((_, i) => i % 10 == 0).ToList();
        var answer = (await platform.PredictAsync(model, rows.Select(Features))).Expect(HttpStatusCode.OK).Json;
        var predictions = answer.GetProperty("predictions").EnumerateArray().ToList();
        Assert.Equal(rows.Count, predictions.Count);
        Assert.All(predictions, p => Assert.Equal(1.0, p.GetProperty("probabilities").EnumerateObject().Sum(c => c.Value.GetDouble()), 1e-4));
        Assert.Equal(rows.Count, predictions.Select(p => p.GetProperty("id").GetString()).Distinct().Count());
        var right = predictions.Zip(rows).Count(pair => pair.First.GetProperty("label").GetString() == pair.Second["Species"]);
        Assert.True(right >= rows.Count * 9 / 10, $"{right} of {rows.Count} penguins were recognised.");
    }

    [Fact]
    public async Task Upload_OverHttp_TakesTheSameWay()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        var accepted = (await platform.UploadAsync(model, "rows.csv", SeededData.Csv(1))).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal($"data/{model}/rows.csv", accepted.GetProperty("file").GetString());
        var pipeline = await platform.PipelineAsync(accepted.GetProperty("pipeline").GetString()!);
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);

        Assert.Equal(["no", "yes"], await LabelsAsync(model, SeededData.Row(false), SeededData.Row(true)));
        var found = (await platform.FindModelAsync(model))!.Value;
        Assert.Single(found.GetProperty("versions").EnumerateArray());
        Assert.Single(found.GetProperty("datasets").EnumerateArray());
        var models = (await platform.GetAsync("/api/models")).Expect(HttpStatusCode.OK).Json;
        Assert.Contains(models.EnumerateArray(), m => m.GetProperty("name").GetString() == model);
    }

    [Fact]
    public async Task Predict_BadRows_NamesAllProblemsAtOnce()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(2));
        await platform.PipelineOfAsync(model, "rows.csv");
        await platform.ChampionAsync(model, 1);

        var answer = (await platform.PredictAsync(model, [new { x1 = "much", colour = "red" }])).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("x1", answer.Text, StringComparison.Ordinal);
        Assert.Contains("x2", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drop_DataWithoutSignal_IsRejectedByTheGateAndNotServed()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(3, noise: 1));
        var pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Contains(pipeline.GetProperty("status").GetString(), new[] { "rejected", "inconclusive" });
        Assert.Single((await platform.FindModelAsync(model))!.Value.GetProperty("versions").EnumerateArray());
        (await platform.PredictAsync(model, [SeededData.Row(true)])).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Predict_UnknownModel_Is404() =>
        (await platform.PredictAsync(TestNames.Model("unknown"), [SeededData.Row(true)])).Expect(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("..%2Fetc")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("UPPER CASE")]
    public async Task Upload_BadModelName_IsRefused(string name)
    {
        var answer = await platform.SendAsync(HttpMethod.Post, $"/api/data/{name}?name=a.csv", new StringContent("a,b\n1,2\n"));
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, answer.ToString());
    }

    private static Dictionary<string, object?> Features(IReadOnlyDictionary<string, string> row) =>
        row.Where(p => p.Key != "Species").ToDictionary(p => p.Key, p => p.Value.Length == 0 ? null : double.TryParse(p.Value, CultureInfo.InvariantCulture, out var number) ? number : (object?)p.Value);

    private async Task<IEnumerable<string?>> LabelsAsync(string model, params object[] rows)
    {
        JsonElement answer = (await platform.PredictAsync(model, rows)).Expect(HttpStatusCode.OK).Json;
        return answer.GetProperty("predictions").EnumerateArray().Select(p => p.GetProperty("label").GetString());
    }
}
