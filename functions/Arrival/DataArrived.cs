using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Functions.Hosting;
using Mlops.Storage;

namespace Mlops.Functions.Arrival;

/// <summary>Event Grid tells through a storage queue that a file was written in the drop zone.</summary>
public sealed class DataArrived(ArrivalService arrivals, TimeProvider time)
{
    [Function(nameof(DataArrived))]
    public async Task Run(
        [QueueTrigger(StorageNames.BlobEvents, Connection = StorageConnection.Name)] string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        foreach (BlobCreatedEvent created in BlobCreatedEvent.Read(message))
        {
            using Activity? activity = Telemetry.StartMessage(StorageNames.BlobEvents, created.TraceParent);
            if (created.Time is { } written)
            {
                PlatformMeter.EventTaken(StorageNames.BlobEvents, time.GetUtcNow() - written);
            }

            // Before the tag: of a span that is not sampled there is none, and nothing in the brackets of its call would run.
            string? pipeline = await arrivals.ArriveAsync(client, created.BlobName, cancellationToken);
            activity?.SetTag(Telemetry.Pipeline, pipeline);
        }
    }
}
