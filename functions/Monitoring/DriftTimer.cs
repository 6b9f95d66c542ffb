using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Mlops.Functions.Hosting;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Monitoring;

/// <summary>Checks every model for drift, hourly by default. One model that cannot be checked does not keep the others from it.</summary>
public sealed class DriftTimer(RegistryStore registry, DriftMonitor monitor, ILogger<DriftTimer> logger)
{
    [Function(nameof(DriftTimer))]
    public async Task Run([TimerTrigger("%MlopsDriftSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (string model in await registry.ListModelsAsync(cancellationToken))
        {
            try
            {
                await monitor.CheckAsync(model, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.DriftCheckFailed(logger, exception, model);
            }
        }
    }
}
