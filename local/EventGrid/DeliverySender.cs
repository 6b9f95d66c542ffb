using System.Net;
using System.Text;
using Azure;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.EventGrid;

/// <summary>Makes one delivery attempt, to a storage queue or a webhook.</summary>
internal sealed class DeliverySender(LocalOptions options, StorageConnections connections) : IDisposable
{
    private static readonly TimeSpan s_acknowledgement = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_queueTimeToLive = TimeSpan.FromDays(7);
    private readonly HttpClient _http = new() { Timeout = s_acknowledgement };

    /// <summary>Makes the queues of subscriptions, as provisioning does in Azure.</summary>
    public async Task PrepareAsync(IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        foreach (var queue in queues.Distinct(StringComparer.Ordinal))
        {
            await connections.Queues(options.EventGrid.Connection).GetQueueClient(queue).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
    }

    public Task<DeliveryOutcome> SendAsync(Delivery delivery, SubscriptionOptions subscription, CancellationToken cancellationToken) =>
        subscription.Queue is { } queue ? ToQueueAsync(delivery, queue, cancellationToken) : ToWebhookAsync(delivery, subscription, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<DeliveryOutcome> ToQueueAsync(Delivery delivery, string queue, CancellationToken cancellationToken)
    {
        try
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(delivery.Event.Json.ToJsonString()));
            await connections.Queues(options.EventGrid.Connection).GetQueueClient(queue).SendMessageAsync(text, timeToLive: s_queueTimeToLive, cancellationToken: cancellationToken);
            return DeliveryOutcome.Success;
        }
        catch (RequestFailedException e)
        {
            var name = e.Status == 0 ? "NetworkError" : ((HttpStatusCode)e.Status).ToString();
            return e.Status is 400 or 403 or 413 ? DeliveryOutcome.Refused(name) : DeliveryOutcome.Retry(name);
        }
        catch (AggregateException) when (!cancellationToken.IsCancellationRequested)
        {
            // The storage client's own retries are used up.
            return DeliveryOutcome.Retry("NetworkError");
        }
    }

    private async Task<DeliveryOutcome> ToWebhookAsync(Delivery delivery, SubscriptionOptions subscription, CancellationToken cancellationToken)
    {
        var json = delivery.Event.Json;
        using var request = new HttpRequestMessage(HttpMethod.Post, subscription.Webhook)
        {
            Content = delivery.Event.IsCloudEvent
                ? new StringContent(json.ToJsonString(), Encoding.UTF8, "application/cloudevents+json")
                : new StringContent($"[{json.ToJsonString()}]", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("aeg-event-type", "Notification");
        request.Headers.Add("aeg-subscription-name", subscription.Name.ToUpperInvariant());
        request.Headers.Add("aeg-delivery-count", delivery.Attempts.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (!delivery.Event.IsCloudEvent)
        {
            request.Headers.TryAddWithoutValidation("aeg-data-version", ((string?)json["dataVersion"]) ?? "");
            request.Headers.Add("aeg-metadata-version", "1");
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (int)response.StatusCode switch
            {
                >= 200 and <= 204 => DeliveryOutcome.Success,
                400 or 401 or 403 or 413 => DeliveryOutcome.Refused(response.StatusCode.ToString()),
                _ => DeliveryOutcome.Retry(response.StatusCode.ToString()),
            };
        }
        catch (HttpRequestException)
        {
            return DeliveryOutcome.Retry("NetworkError");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeliveryOutcome.Retry("TimedOut");
        }
    }
}
