using Azure;
using Azure.Messaging.EventGrid;
using Azure.Storage.Queues;

namespace Mlops.Storage.Retraining;

/// <summary>
/// Publishes the platform's own events to its Event Grid topic, with the app's identity in Azure and a key elsewhere. Where there is no topic
/// (the Functions host on a developer's machine) the event goes straight to the queue that the topic would deliver it to.
/// </summary>
public sealed class PlatformEvents
{
    /// <summary>The event type of declared drift.</summary>
    public const string DriftDetected = "Mlops.DriftDetected";

    private readonly EventGridPublisherClient? _client;
    private readonly QueueClient _queue;

    /// <summary>Opens nothing yet. Without <c>MlopsEvents__topicEndpointUri</c> there is no topic.</summary>
    public PlatformEvents(StorageConnection connection, Func<string, string?> setting)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(setting);
        _queue = connection.Queue(StorageNames.PlatformEvents);
        if (setting("MlopsEvents__topicEndpointUri") is not { Length: > 0 } endpoint)
        {
            return;
        }

        _client = setting("MlopsEvents__topicKey") is { Length: > 0 } key
            ? new EventGridPublisherClient(new Uri(endpoint), new AzureKeyCredential(key))
            : new EventGridPublisherClient(new Uri(endpoint), StorageConnection.Credential(setting("AZURE_CLIENT_ID")));
    }

    /// <summary>Publishes one event. It may arrive more than once: receivers go by its id.</summary>
    public async Task PublishAsync(string id, string type, string subject, object data, CancellationToken cancellationToken)
    {
        EventGridEvent @event = new(subject, type, "1", new BinaryData(data, StorageJson.Options)) { Id = id };
        if (_client is not null)
        {
            await _client.SendEventAsync(@event, cancellationToken);
            return;
        }

        var delivered = new { id, eventType = type, subject, dataVersion = "1", eventTime = @event.EventTime, data };
        await _queue.SendMessageAsync(BinaryData.FromObjectAsJson(delivered, StorageJson.Options), cancellationToken: cancellationToken);
    }
}
