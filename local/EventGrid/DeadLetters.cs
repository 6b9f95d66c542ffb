using System.Globalization;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Blobs.Models;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.EventGrid;

/// <summary>Keeps events that were given up: <c>{subscription}/{yyyy}/{mm}/{dd}/{hh}/{id}.json</c>, an array of the event with the reason added.</summary>
internal sealed class DeadLetters(LocalOptions options, StorageConnections connections, TimeProvider time)
{
    /// <summary>Writes an event and gives the blob's path, container included.</summary>
    public async Task<string> WriteAsync(Delivery delivery, string reason, CancellationToken cancellationToken)
    {
        var json = delivery.Event.Json.DeepClone().AsObject();

        // CloudEvents attributes have no capital letters.
        string Name(string name) => delivery.Event.IsCloudEvent ? name.ToLowerInvariant() : name;
        json[Name("deadLetterReason")] = reason;
        json[Name("deliveryAttempts")] = delivery.Attempts;
        json[Name("lastDeliveryOutcome")] = delivery.LastOutcome;
        json[Name("publishTime")] = delivery.PublishTime.UtcDateTime;
        json[Name("lastDeliveryAttemptTime")] = delivery.LastAttempt?.UtcDateTime;

        var container = connections.Blobs(options.EventGrid.Connection).GetBlobContainerClient(options.EventGrid.DeadLetterContainer);
        var path = string.Create(CultureInfo.InvariantCulture, $"{delivery.Subscription}/{time.GetUtcNow():yyyy'/'MM'/'dd'/'HH}/{delivery.Id}.json");
        var content = BinaryData.FromString(new JsonArray(json).ToJsonString());
        try
        {
            await container.GetBlobClient(path).UploadAsync(content, overwrite: true, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await container.GetBlobClient(path).UploadAsync(content, overwrite: true, cancellationToken);
        }

        return $"{container.Name}/{path}";
    }
}
