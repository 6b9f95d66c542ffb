using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Storage;

namespace Mlops.Functions.Arrival;

/// <summary>Event Grid tells through a storage queue that a file was written in the drop zone.</summary>
public sealed class DataArrived(ArrivalService arrivals)
{
    [Function(nameof(DataArrived))]
    public async Task Run(
        [QueueTrigger(StorageNames.BlobEvents, Connection = StorageConnection.Name)] string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        foreach (string blobName in BlobCreatedEvent.BlobNames(message))
        {
            await arrivals.ArriveAsync(client, blobName, cancellationToken);
        }
    }
}
