using System.Globalization;
using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class GovernorTests(Platform platform)
{
    private const string ModelYaml = "training:\n  folds: 2\n  maxCandidates: 2\nrollout:\n  steps: []\n";

    [Fact]
    public async Task Drift_SoonAfterRetraining_IsRefusedWithAReason()
    {
        string model = TestNames.Model("governed");
        await platform.DropAsync(model, "model.yaml", ModelYaml);
        await platform.DropAsync(model, "first.csv", SeededData.Csv(22));
        await platform.PipelineOfAsync(model, "first.csv");
        await platform.ChampionAsync(model, 1);
        await PredictAsync(model, Rows(200, shift: 4));
        await platform.DriftAsync(model, report => report.GetProperty("verdict").GetString() == "drift");
        JsonElement accepted = await DecisionAsync(model, decision => decision.GetProperty("accepted").GetBoolean());

        // Without labels there is nothing new to learn from, and the pipeline says so.
        JsonElement pipeline = await platform.PipelineAsync(accepted.GetProperty("pipeline").GetString()!);
        Assert.Equal("duplicate", pipeline.GetProperty("status").GetString());
        await platform.FireAsync("DriftTimer");

        // Other tests fire the timer as well: a request that came while the pipeline ran was refused for that.
        await DecisionAsync(model, decision => !decision.GetProperty("accepted").GetBoolean() && decision.GetProperty("reason").GetString()!.Contains("minimumInterval", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoDrift_WhenTheQuestionsAreLikeTheData()
    {
        // Nothing is said of the part of the questions that is in the log when another test has all models checked.
        string model = TestNames.Model("steady");
        await platform.DropAsync(model, "model.yaml", ModelYaml + "monitoring:\n  minRows: 400\n");
        await platform.DropAsync(model, "first.csv", SeededData.Csv(23, rows: 800));
        await platform.PipelineOfAsync(model, "first.csv");
        await platform.ChampionAsync(model, 1);
        string[] lines = SeededData.Csv(24, rows: 400).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] names = lines[0].Split(',');
        await PredictAsync(model, [.. lines.Skip(1).Select(line => line.Split(',')).Select(cells => (object)Enumerable.Range(0, 3).ToDictionary(
            i => names[i], i => double.TryParse(cells[i], CultureInfo.InvariantCulture, out double number) ? number : (object)cells[i]))]);
        await platform.DriftAsync(model, report => report.GetProperty("rows").GetInt32() == 400);
        Assert.DoesNotContain(await ReportsAsync(model), report => report.GetProperty("verdict").GetString() == "drift");
    }

    private async Task<List<string>> PredictAsync(string model, IReadOnlyList<object> rows) =>
        [.. (await platform.PredictAsync(model, rows)).Expect(HttpStatusCode.OK).Json.GetProperty("predictions").EnumerateArray().Select(prediction => prediction.GetProperty("id").GetString()!)];

    private async Task<JsonElement> DecisionAsync(string model, Func<JsonElement, bool> wanted) => await Eventually.GetAsync<object>("the governor's decision on retraining", async () =>
        (await platform.GetAsync($"/api/models/{model}/retrain")).Expect(HttpStatusCode.OK).Json.EnumerateArray().FirstOrDefault(wanted) is { ValueKind: JsonValueKind.Object } decision ? decision : null) is JsonElement found ? found : default;

    private async Task<List<JsonElement>> ReportsAsync(string model) =>
        [.. (await platform.GetAsync($"/api/models/{model}/drift")).Expect(HttpStatusCode.OK).Json.EnumerateArray()];

    private static List<object> Rows(int count, double shift)
    {
        Random random = new(count);
        return [.. Enumerable.Range(0, count).Select(_ => (object)new { x1 = (random.NextDouble() * 2) - 1 + shift, x2 = (random.NextDouble() * 2) - 1 + shift, colour = "red" })];
    }
}
