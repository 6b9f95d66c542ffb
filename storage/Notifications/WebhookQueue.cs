using Azure.Storage.Queues;

namespace Mlops.Storage.Notifications;

/// <summary>Notifications on their way: one message for each address, so that an address that does not answer holds up no other.</summary>
public sealed class WebhookQueue(StorageConnection connection)
{
    private readonly QueueClient _queue = connection.Queue(StorageNames.Webhooks);

    /// <summary>Puts a notification on its way.</summary>
    public Task SendAsync(WebhookMessage message, CancellationToken cancellationToken) =>
        _queue.SendMessageAsync(BinaryData.FromObjectAsJson(message, StorageJson.Options), cancellationToken: cancellationToken);
}

/// <summary>A notification for one address.</summary>
/// <param name="Address">Where it is posted.</param>
/// <param name="Id">The event's id: the same event twice has the same.</param>
/// <param name="Type">The kind of event, for example <c>Mlops.PipelineFailed</c>.</param>
/// <param name="Model">The model.</param>
/// <param name="Summary">What happened, in words.</param>
/// <param name="Time">When it was told.</param>
/// <param name="Trace">The W3C <c>traceparent</c> of what told it; null where no trace is recorded.</param>
public sealed record WebhookMessage(string Address, string Id, string Type, string Model, string Summary, DateTimeOffset Time, string? Trace = null);
