using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Core.Data;
using Mlops.Storage.Arrival;

namespace Mlops.Functions.Arrival;

/// <summary>Finds files whose event was lost, and starts whose pipeline was claimed but never came to start.</summary>
public sealed class ReconcileArrivals(DropZone dropZone, ArrivalStore store, ArrivalService arrivals)
{
    [Function(nameof(ReconcileArrivals))]
    public async Task Run([TimerTrigger("0 */10 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await foreach (DroppedFile file in dropZone.ListAsync(cancellationToken))
        {
            if (BatchPath.TryParse(file.Name, out BatchPath? path, out _)
                && !await store.IsStartedAsync(path.Model.Value, ArrivalService.PipelineIdFor(path.Model.Value, $"{file.Name}\n{file.ETag}"), cancellationToken))
            {
                await arrivals.StartAsync(client, path, file.ETag, cancellationToken);
            }
        }
    }
}
