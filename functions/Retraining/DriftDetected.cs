using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Mlops.Core.Data;
using Mlops.Core.Retraining;
using Mlops.Functions.Hosting;
using Mlops.Storage;
using Mlops.Storage.Retraining;

namespace Mlops.Functions.Retraining;

/// <summary>Event Grid tells through a storage queue that drift was declared: retraining is requested.</summary>
public sealed class DriftDetected(RetrainingService retraining, TimeProvider time, ILogger<DriftDetected> logger)
{
    [Function(nameof(DriftDetected))]
    public async Task Run(
        [QueueTrigger(StorageNames.PlatformEvents, Connection = StorageConnection.Name)] string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        using JsonDocument document = JsonDocument.Parse(message);
        JsonElement root = document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.GetArrayLength() == 1 ? document.RootElement[0] : document.RootElement;
        if (Text(root, "eventType") != PlatformEvents.DriftDetected)
        {
            Log.EventIgnored(logger, "its type is not one that this app handles");
            return;
        }

        if (Text(root, "id") is not { Length: > 0 and <= 100 } id || !PipelineIds.IsValid(id)
            || !root.TryGetProperty("data", out JsonElement data) || !ModelName.TryParse(Text(data, "model"), out ModelName model, out _))
        {
            Log.EventIgnored(logger, "it names no valid id and model");
            return;
        }

        using Activity? activity = Telemetry.StartMessage(StorageNames.PlatformEvents, Text(data, "traceparent"))?.SetTag(Telemetry.Model, model.Value);
        using IDisposable? scope = Log.Scope(logger, model.Value);
        if (DateTimeOffset.TryParse(Text(root, "eventTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset raised))
        {
            PlatformMeter.EventTaken(StorageNames.PlatformEvents, time.GetUtcNow() - raised);
        }

        string reason = Bounded.Reason($"drift report {Text(data, "report")}: {Text(data, "summary")}");
        await retraining.RequestAsync(client, new RetrainingRequest(id, model.Value, "drift", reason, time.GetUtcNow()), cancellationToken);
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
