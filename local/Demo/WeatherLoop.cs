using System.Globalization;
using System.Text.Json.Nodes;

namespace Mlops.Demo;

/// <summary>
/// The loop, played once: a model learns Seattle's weather, is asked about New York's, drifts, is trained again with what was true, and takes over
/// as a canary.
/// </summary>
internal sealed class WeatherLoop(Platform platform, WeatherData data)
{
    private const string Model = "weather";
    private const int Batch = 50;

    // Short steps and a coarse margin, so that the demonstration needs a minute of traffic and not a day of it.
    private const string ModelYaml = """
        target: weather
        ignore: [date]
        rollout:
          steps: [50]
          bake: 00:00:03
          errorMargin: 0.15
          latencyMargin: 0.5
          minRequests: 20
        retraining:
          minimumInterval: 00:00:00
        """;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Say("1. Drop four years of Seattle's weather into blob storage: drop/data/weather/seattle.csv");
        await platform.DropAsync($"data/{Model}/model.yaml", ModelYaml, cancellationToken);
        await platform.DropAsync($"data/{Model}/seattle.csv", Csv(data.Seattle), cancellationToken);
        JsonNode known = await platform.WaitAsync($"api/models/{Model}", found => found["pipelines"]!.AsArray().Count > 0, cancellationToken);
        await FollowAsync((string)known["pipelines"]![0]!["id"]!, cancellationToken);
        ShowVersion(await platform.WaitAsync($"api/models/{Model}", found => found["aliases"]?["champion"] is not null, cancellationToken), 1);

        Say("2. Ask it about New York, whose weather it has never seen, and say afterwards what the weather was");
        string[] days = [.. data.NewYork.Take(1000)];
        (double accuracy, string prediction) = await PredictAsync(days, label: true, cancellationToken);
        Tell(string.Create(CultureInfo.InvariantCulture, $"{days.Length} days predicted, {accuracy:P1} right"));

        Say("3. Fire the drift timer, as the clock would every hour");
        JsonNode drift = await DetectDriftAsync(cancellationToken);
        Tell($"{(string?)drift["summary"]}");
        Tell($"report: {platform.BaseUrl}api/models/{Model}/drift/{(string?)drift["id"]}");

        Say("4. Drift asks for retraining, the governor agrees, and the labelled days become new data");
        JsonNode decision = (await platform.WaitAsync($"api/models/{Model}/retrain", list => list.AsArray().Count > 0, cancellationToken)).AsArray()[0]!;
        Tell($"governor: {((bool)decision["accepted"]! ? "accepted" : "refused")}: {(string?)decision["reason"]}");
        await FollowAsync((string)decision["pipeline"]!, cancellationToken);

        Say("5. The new version serves half of the traffic, and all of it once it is shown to be no worse");
        string[] later = [.. data.NewYork.Skip(1000)];
        int next = 0;
        while ((int)(await platform.FindAsync($"api/models/{Model}", cancellationToken))!["aliases"]!["champion"]! == 1)
        {
            string[] some = [.. Enumerable.Range(0, 10).Select(i => later[(next + i) % later.Length])];
            next += some.Length;
            await Task.WhenAll(some.Select(day => PredictAsync([day], label: false, cancellationToken)));
        }

        await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
        (double after, prediction) = await PredictAsync(later, label: false, cancellationToken);
        Tell(string.Create(CultureInfo.InvariantCulture, $"{later.Length} later days predicted by the new champion, {after:P1} right (before: {accuracy:P1})"));
        ShowVersion((await platform.FindAsync($"api/models/{Model}", cancellationToken))!, 2);

        Say("6. Where does one of these predictions come from?");
        JsonNode lineage = await platform.WaitAsync($"api/lineage/{prediction}", found => found["edges"] is not null, cancellationToken);
        foreach (JsonNode? edge in lineage["edges"]!.AsArray())
        {
            Tell($"{(string?)edge!["from"]} —{(string?)edge["relation"]}→ {(string?)edge["to"]}");
        }

        Say("The loop is closed. To look at:");
        Tell($"{platform.BaseUrl}api/models/{Model}?format=html");
        Tell($"{platform.BaseUrl}api/models/{Model}/ledger");
        Tell($"{platform.BaseUrl}api/pipelines/{(string?)decision["pipeline"]}?format=html");
        Tell($"{platform.BaseUrl}v2/models/{Model}");
        if (after <= accuracy)
        {
            throw new DemoFailedException("The retrained model was expected to be right more often than the first one in New York.");
        }
    }

    private async Task<JsonNode> FollowAsync(string pipeline, CancellationToken cancellationToken)
    {
        JsonNode ended = await platform.WaitAsync($"api/pipelines/{pipeline}", found => (string?)found["status"] != "running", cancellationToken);
        foreach (JsonNode? step in ended["steps"]!.AsArray())
        {
            Tell($"{(string?)step!["name"],-10} {(string?)step["status"],-9} {(string?)step["detail"]}");
        }

        return (string?)ended["status"] == "promoted"
            ? ended
            : throw new DemoFailedException($"Pipeline {pipeline} was expected to promote its model; it ended as {(string?)ended["status"]}: {(string?)ended["reason"]}");
    }

    private async Task<(double Accuracy, string Prediction)> PredictAsync(IReadOnlyList<string> days, bool label, CancellationToken cancellationToken)
    {
        int right = 0;
        string last = string.Empty;
        foreach (string[] batch in days.Chunk(Batch))
        {
            JsonObject body = new() { ["rows"] = new JsonArray([.. batch.Select(day => (JsonNode)data.Row(day))]) };
            JsonArray predictions = (await platform.PostAsync($"api/models/{Model}/predict", body, cancellationToken))!["predictions"]!.AsArray();
            right += predictions.Where((prediction, i) => (string?)prediction!["label"] == WeatherData.Label(batch[i])).Count();
            last = (string)predictions[^1]!["id"]!;
            if (label)
            {
                JsonArray labels = [.. predictions.Select((prediction, i) => (JsonNode)new JsonObject { ["id"] = (string?)prediction!["id"], ["label"] = WeatherData.Label(batch[i]) })];
                await platform.PostAsync($"api/models/{Model}/feedback", new JsonObject { ["labels"] = labels }, cancellationToken);
            }
        }

        return ((double)right / days.Count, last);
    }

    private async Task<JsonNode> DetectDriftAsync(CancellationToken cancellationToken)
    {
        // The log of the last predictions is written within seconds; the timer would come an hour later.
        while (true)
        {
            await platform.PostAsync("admin/functions/DriftTimer", new JsonObject { ["input"] = "" }, cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
            JsonArray reports = (await platform.FindAsync($"api/models/{Model}/drift", cancellationToken))!.AsArray();
            if (reports.FirstOrDefault(report => (string?)report!["verdict"] == "drift") is { } drift)
            {
                return drift;
            }
        }
    }

    private static void ShowVersion(JsonNode model, int number)
    {
        JsonNode version = model["versions"]!.AsArray().First(version => (int)version!["number"]! == number)!;
        string metrics = string.Join(", ", version["metrics"]!.AsObject().Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {(double)metric.Value!:0.###}")));
        Tell($"version {number}: {(string?)version["state"]}, ONNX {((string)version["hash"]!)[..12]}…, on the hold-out: {metrics}");
    }

    private string Csv(IReadOnlyList<string> lines) => data.Header + "\n" + string.Join('\n', lines) + "\n";

    private static void Say(string text)
    {
        Console.WriteLine();
        Console.WriteLine($"── {text}");
    }

    private static void Tell(string text) => Console.WriteLine($"   {text}");
}
