using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Mlops.Core.Data;
using Mlops.Functions.Hosting;
using Mlops.Storage.Arrival;

namespace Mlops.Functions.Arrival;

/// <summary>Finds files whose event was lost, and starts whose pipeline was claimed but never came to start.</summary>
public sealed class ReconcileArrivals(DropZone dropZone, ArrivalStore store, ArrivalService arrivals, ILogger<ReconcileArrivals> logger)
{
    [Function(nameof(ReconcileArrivals))]
    public async Task Run([TimerTrigger("0 */10 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        string? model = null;
        IReadOnlySet<string> started = new HashSet<string>();
        await foreach (DroppedFile file in dropZone.ListAsync(cancellationToken))
        {
            if (!BatchPath.TryParse(file.Name, out BatchPath? path, out _))
            {
                continue;
            }

            // The listing is in name order, so each model's files follow each other: one query a model, not one a file.
            if (path.Model.Value != model)
            {
                model = path.Model.Value;
                started = await store.StartedAsync(model, cancellationToken);
            }

            if (started.Contains(ArrivalService.PipelineIdFor(path, file.ETag)))
            {
                continue;
            }

            try
            {
                await arrivals.StartAsync(client, path, file.ETag, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One file that cannot be started must not keep those after it waiting.
                Log.ArrivalFailed(logger, file.Name, exception);
                failures.Add(exception);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException($"{failures.Count} of the dropped files could not be started; the next pass tries them again.", failures.Take(10));
        }
    }
}
