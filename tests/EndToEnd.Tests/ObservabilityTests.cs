using System.Net;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class ObservabilityTests
{
    [ProcessFact]
    public async Task DroppedFile_KeepsOneTraceToTheServedModel_AndMetricsAndDoctorTellOfIt()
    {
        using var collector = new TraceCollector();
        await using var platform = await Platform.StartAsync(collector.Settings);
        var model = TestNames.Model();
        using WebhookReceiver receiver = new(_ => 204);
        await platform.DropAsync(model, "model.yaml", $"{SeededData.QuickTraining}notifications:\n  webhooks: [{receiver.Address}]\n");
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(3));
        var pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Equal("promoted", pipeline.GetProperty("status").GetString());
        await platform.ChampionAsync(model, 1);
        (await platform.PredictAsync(model, [SeededData.Row(true), SeededData.Row(false)])).Expect(HttpStatusCode.OK);

        var id = pipeline.GetProperty("id").GetString();
        string[] way = ["process blob-events", "validate", "version", "plan", "train", "export", "evaluate", "register", "pipeline", "rollout", "load model"];
        await Eventually.HoldsAsync(
            $"the spans {string.Join(", ", way)} and a prediction are recorded",
            () => Task.FromResult(way.All(name => Of(id, name).Any()) && Of(id, "predict").Any()),
            onTimeout: () => $"Recorded: {string.Join(", ", collector.Spans.Select(span => $"{span.Name} {span["mlops.pipeline.id"]}").Distinct())}");
        var trace = Assert.Single(way.SelectMany(name => Of(id, name)).Select(span => span.Trace).Distinct());

        await Eventually.HoldsAsync("the promotion is posted", () => Task.FromResult(!receiver.Received.IsEmpty));
        Assert.Contains($"-{trace}-", receiver.Received.First().Headers["traceparent"], StringComparison.Ordinal);

        var registered = Of(id, "register").First();
        Assert.Equal((model, "1"), (registered["mlops.model.name"], registered["mlops.model.version"]));
        var predicted = Of(id, "predict").First();
        Assert.Equal((model, "1", registered["mlops.run.id"], "2"), (predicted["mlops.model.name"], predicted["mlops.model.version"], predicted["mlops.run.id"], predicted["mlops.rows"]));
        Assert.NotEqual(trace, predicted.Trace);
        Assert.Contains(predicted.Trace, Of(id, "load model").First().Links);

        await Eventually.HoldsAsync("the request is counted", async () =>
            (await platform.GetAsync("/api/metrics")).Expect(HttpStatusCode.OK).Text.Contains($"mlops_prediction_requests_total{{model=\"{model}\",version=\"1\"}} 1\n", StringComparison.Ordinal));
        var metrics = (await platform.GetAsync("/api/metrics")).Text;
        Assert.Contains($"mlops_pipelines_total{{model=\"{model}\",trigger=\"data\",outcome=\"promoted\"}} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"mlops_model_champion_version{{model=\"{model}\"}} 1\n", metrics, StringComparison.Ordinal);

        await platform.FireAsync("ReconcileArrivals");
        var report = await Eventually.GetAsync("the doctor knows that the reconciliation ran", async () =>
            (await platform.GetAsync("/api/doctor")).Expect(HttpStatusCode.OK) is var answer
                && !answer.Json.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("message").GetString()!)
                    .Any(message => message.StartsWith("never ended well", StringComparison.Ordinal) && message.Contains("ReconcileArrivals", StringComparison.Ordinal)) ? answer : null);
        Assert.NotEqual("error", report.Json.GetProperty("status").GetString());
        Assert.Contains(report.Json.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("check").GetString() == "versions" && finding.GetProperty("message").GetString()!.Contains("ONNX Runtime 1.", StringComparison.Ordinal));
        Assert.Contains("findings, 0 errors", (await platform.GetAsync("/api/doctor?format=text")).Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);

        IEnumerable<RecordedSpan> Of(string? pipelineId, string name) => collector.Spans.Where(span => span.Name == name && span["mlops.pipeline.id"] == pipelineId);
    }
}
