using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Mlops.Functions.Hosting;
using Mlops.Storage;
using Mlops.Storage.Notifications;

namespace Mlops.Functions.Notifications;

/// <summary>Posts one notification. What fails is tried again by the queue, five times in all; what may not be posted is dropped.</summary>
public sealed class DeliverWebhook(WebhookSender sender, ILogger<DeliverWebhook> logger)
{
    [Function(nameof(DeliverWebhook))]
    public async Task Run([QueueTrigger(StorageNames.Webhooks, Connection = StorageConnection.Name)] string message, CancellationToken cancellationToken)
    {
        WebhookMessage notification = JsonSerializer.Deserialize<WebhookMessage>(message, StorageJson.Options) ?? throw new JsonException("The notification is null.");
        if (await sender.SendAsync(notification, cancellationToken) is { } reason)
        {
            Log.NotificationRefused(logger, notification.Model, notification.Id, notification.Address, reason);
        }
    }
}
