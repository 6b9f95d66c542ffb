using System.Diagnostics;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Mlops.Core.Configuration;
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
        using Activity? activity = Telemetry.StartMessage(StorageNames.Webhooks, notification.Trace)?.SetTag(Telemetry.Model, notification.Model);
        if (await sender.SendAsync(notification, cancellationToken) is { } reason)
        {
            // Of the address only the host: what follows it is a secret at many receivers.
            string host = WebhookAddress.TryParse(notification.Address, out Uri? address) ? address.Host : "no address";
            Log.NotificationRefused(logger, notification.Model, notification.Id, host, reason);
        }
    }
}
