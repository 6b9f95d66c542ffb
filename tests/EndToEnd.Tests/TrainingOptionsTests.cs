using System.Globalization;
using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>What model.yaml says about weights, directions, costs and groups reaches the served model.</summary>
public sealed class TrainingOptionsTests(Platform platform)
{
    [Fact]
    public async Task Drop_WeightsDirectionCostsAndGroups_ReachTheServedModel()
    {
        string model = TestNames.Model("options");
        await platform.DropAsync(model, "model.yaml", """
            target: label
            training:
              folds: 2
              weight: counts
              classWeights: {"yes": 1.5}
              monotone: {x1: increasing}
              candidates:
                - trainer: boosting
                  parameters: {iterations: 40, earlyStoppingRounds: 0, balanced: true, calibration: platt}
            gates:
              fairness: {colour: 1}
            decision:
              falseNegativeCost: 19
            rollout:
              steps: []
            """);
        await platform.DropAsync(model, "rows.csv", Csv(91, _ => 1));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);

        // Rows at the border, where more of x1 may only raise the probability; a miss costs 19 times a false alarm, so "yes" is said long before it is likely.
        object[] rows = [.. Enumerable.Range(0, 60).Select(i => new { x1 = -2 + (i / 15.0), x2 = 0.0, colour = "red", counts = (double?)null })];
        JsonElement[] answers = [.. (await platform.PredictAsync(model, rows)).Expect(HttpStatusCode.OK).Json.GetProperty("predictions").EnumerateArray()];
        double[] yes = [.. answers.Select(a => a.GetProperty("probabilities").GetProperty("yes").GetDouble())];
        Assert.All(Enumerable.Range(1, 59), i => Assert.True(yes[i] >= yes[i - 1] - 1e-6, $"{i}: {yes[i - 1]} → {yes[i]}"));
        double threshold = answers.Zip(yes).Where(p => p.First.GetProperty("label").GetString() == "yes").Min(p => p.Second);
        Assert.InRange(threshold, 0, 0.45);
        Assert.All(answers.Zip(yes), p => Assert.Equal(p.Second >= threshold ? "yes" : "no", p.First.GetProperty("label").GetString()));

        // A batch with a weight that is none is stopped before it is kept: it would stop every later training.
        await platform.DropAsync(model, "bad.csv", Csv(92, i => i == 10 ? -1 : 1));
        JsonElement bad = await platform.PipelineOfAsync(model, "bad.csv");
        Assert.Equal("blocked", bad.GetProperty("status").GetString());
        Assert.Single((await platform.FindModelAsync(model))!.Value.GetProperty("datasets").EnumerateArray());
    }

    [Theory]
    [InlineData("float16", "{trainer: linear}")]
    [InlineData("pruned", "{trainer: boosting, parameters: {iterations: 150, earlyStoppingRounds: 0}}")]
    [InlineData("distilled", "{trainer: boosting, parameters: {iterations: 150, earlyStoppingRounds: 0}}")]
    public async Task Drop_Compression_ServesAndExplainsTheSmallerModel(string method, string candidate)
    {
        string model = TestNames.Model("small");
        await platform.DropAsync(model, "model.yaml", $"training:\n  folds: 2\n  candidates: [{candidate}]\n  compression: {method}\n  compressionLoss: 0.5\nrollout:\n  steps: []\n");
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(95, noise: 0.1));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);

        // What it cost stands in the run.
        string id = (await platform.FindModelAsync(model))!.Value.GetProperty("versions")[0].GetProperty("run").GetString()!;
        JsonElement run = (await platform.GetAsync($"/api/runs/{id}")).Expect(HttpStatusCode.OK).Json.GetProperty("run");
        string artifact = Assert.Single(run.GetProperty("artifacts").EnumerateArray(), name => name.GetString()!.EndsWith("compression.json", StringComparison.Ordinal)).GetString()!;
        BinaryData text = (await new BlobContainerClient(platform.Storage, "runs").GetBlobClient(artifact).DownloadContentAsync()).Value.Content;
        JsonElement report = JsonDocument.Parse(text).RootElement;
        Assert.True(report.GetProperty("applied").GetBoolean(), report.ToString());
        Assert.True(report.GetProperty("bytesAfter").GetInt32() < report.GetProperty("bytesBefore").GetInt32(), report.ToString());
        Assert.Equal(report.GetProperty("bytesAfter").GetInt32(), run.GetProperty("metrics").GetProperty("compression.bytes").GetInt32());
        Assert.Equal(report.GetProperty("after").GetDouble() - report.GetProperty("before").GetDouble(), run.GetProperty("metrics").GetProperty("compression.loss").GetDouble(), 1e-9);

        // The smaller model answers, and is the one that is explained.
        object[] rows = [SeededData.Row(true), SeededData.Row(false)];
        JsonElement[] predicted = [.. (await platform.PredictAsync(model, rows)).Expect(HttpStatusCode.OK).Json.GetProperty("predictions").EnumerateArray()];
        Assert.Equal(["yes", "no"], predicted.Select(answer => answer.GetProperty("label").GetString()));
        JsonElement[] explained = [.. (await platform.PostAsync($"/api/models/{model}/explain", new { rows })).Expect(HttpStatusCode.OK).Json.GetProperty("explanations").EnumerateArray()];
        Assert.All(predicted.Zip(explained), pair => Assert.Equal(
            pair.First.GetProperty("probabilities").GetProperty("yes").GetDouble(), 1 / (1 + Math.Exp(-pair.Second.GetProperty("scores")[0].GetProperty("score").GetDouble())), 1e-5));
    }

    [Fact]
    public async Task Drop_GroupsTreatedDifferently_AreRejectedByTheGate()
    {
        string model = TestNames.Model("fair");
        await platform.DropAsync(model, "model.yaml", "training:\n  folds: 2\n  candidates: [{trainer: boosting}]\ngates:\n  fairness: {colour: 0.2}\n");
        // Blue rows have labels that nothing explains: there the error rates must differ.
        string[] clear = SeededData.Csv(93, 900).TrimEnd().Split('\n'), drawn = SeededData.Csv(94, 900, noise: 1).TrimEnd().Split('\n');
        await platform.DropAsync(model, "rows.csv", string.Join('\n', clear.Where(line => !line.Contains("blue", StringComparison.Ordinal)).Concat(drawn.Where(line => line.Contains("blue", StringComparison.Ordinal)))) + "\n");
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Equal("rejected", pipeline.GetProperty("status").GetString());
        Assert.Contains("'colour'", pipeline.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    private static string Csv(int seed, Func<int, double> counts)
    {
        string[] lines = SeededData.Csv(seed, 600, noise: 0.2).TrimEnd().Split('\n');
        return lines[0] + ",counts\n" + string.Concat(lines.Skip(1).Select((line, i) => string.Create(CultureInfo.InvariantCulture, $"{line},{counts(i)}\n")));
    }
}
