using System.Globalization;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.EventGrid;

/// <summary>Raises the <c>BlobCreated</c> events that Azurite does not: lists one container again and again, and publishes each new version of a blob to the storage topic.</summary>
/// <remarks>A version is noted after its event was accepted, so that a killed host raises it twice rather than never.</remarks>
internal sealed class BlobCreatedWatcher(LocalOptions options, EventBroker broker, StorageConnections connections, TimeProvider time, ILogger<BlobCreatedWatcher> log) : BackgroundService
{
    private readonly EventGridOptions _grid = options.EventGrid;

    /// <summary>The event that the service raises for a blob.</summary>
    public static GridEvent Event(BlobContainerClient container, BlobItem blob)
    {
        var subject = $"/blobServices/default/containers/{container.Name}/blobs/{blob.Name}";
        var id = Guid.NewGuid().ToString();
        var modified = blob.Properties.LastModified ?? default;
        var json = new JsonObject
        {
            ["topic"] = $"/subscriptions/local/resourceGroups/local/providers/Microsoft.Storage/storageAccounts/{container.AccountName}",
            ["subject"] = subject,
            ["eventType"] = "Microsoft.Storage.BlobCreated",
            ["eventTime"] = modified.UtcDateTime,
            ["id"] = id,
            ["data"] = new JsonObject
            {
                ["api"] = "PutBlob",
                ["clientRequestId"] = Guid.NewGuid().ToString(),
                ["requestId"] = Guid.NewGuid().ToString(),
                ["eTag"] = (blob.Properties.ETag?.ToString() ?? "").Trim('"'),
                ["contentType"] = blob.Properties.ContentType,
                ["contentLength"] = blob.Properties.ContentLength,
                ["blobType"] = (blob.Properties.BlobType ?? BlobType.Block) + "Blob",
                ["accessTier"] = "Default",
                ["url"] = container.GetBlobClient(blob.Name).Uri.AbsoluteUri,
                ["sequencer"] = modified.UtcTicks.ToString("X32", CultureInfo.InvariantCulture),
                ["storageDiagnostics"] = new JsonObject { ["batchId"] = Guid.NewGuid().ToString() },
            },
            ["dataVersion"] = "",
            ["metadataVersion"] = "1",
        };
        return new GridEvent(id, "Microsoft.Storage.BlobCreated", subject, IsCloudEvent: false, json);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_grid.WatchedContainer is not { } name)
        {
            return;
        }

        var container = connections.Blobs(_grid.Connection).GetBlobContainerClient(name);
        using var receipts = new BlobReceipts(Path.Combine(options.DataDirectory, "eventgrid", $"seen-{name}.txt"));
        var reachable = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ScanAsync(container, receipts, stoppingToken);
                reachable = true;
                await Task.Delay(_grid.WatchInterval, time, stoppingToken);
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                await container.CreateIfNotExistsAsync(cancellationToken: stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                if (reachable)
                {
                    log.ContainerUnreachable(e, name);
                    reachable = false;
                }

                await Task.Delay(_grid.WatchInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ScanAsync(BlobContainerClient container, BlobReceipts receipts, CancellationToken stopping)
    {
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: stopping))
        {
            var version = blob.Properties.ETag?.ToString() ?? "";
            if (!receipts.Has(blob.Name, version))
            {
                await broker.AcceptAsync(EventGridOptions.StorageTopic, [Event(container, blob)]);
                receipts.Add(blob.Name, version);
            }
        }
    }
}
