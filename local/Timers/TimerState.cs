using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Mlops.Local.Storage;

namespace Mlops.Local.Timers;

/// <summary>State of the timers' schedules, in the blobs where the real host keeps it: <c>azure-webjobs-hosts/timers/{host}/{function}/status</c>.</summary>
internal sealed class TimerState(StorageConnections connections)
{
    private const string Container = "azure-webjobs-hosts";
    private const string HostId = "mlops-local";

    /// <summary>The state of a function's schedule; null before the first.</summary>
    public async Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancellationToken)
    {
        try
        {
            var content = await Blob(function).DownloadContentAsync(cancellationToken);
            return JsonSerializer.Deserialize<ScheduleStatus>(content.Value.Content);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound || e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            return null;
        }
        catch (JsonException)
        {
            // A state that cannot be read is as good as none: the schedule starts anew.
            return null;
        }
    }

    public async Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancellationToken)
    {
        var content = BinaryData.FromObjectAsJson(status);
        try
        {
            await Blob(function).UploadAsync(content, overwrite: true, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await connections.Blobs().GetBlobContainerClient(Container).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await Blob(function).UploadAsync(content, overwrite: true, cancellationToken);
        }
    }

    private BlobClient Blob(string function) => connections.Blobs().GetBlobContainerClient(Container).GetBlobClient($"timers/{HostId}/{function}/status");
}
