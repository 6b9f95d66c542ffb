using Microsoft.Extensions.Hosting;

namespace Mlops.Functions.Hosting;

/// <summary>
/// Writes in the background what invocations leave behind, and ends after all of them. The worker's connection to the Functions host and its HTTP server are services
/// that were added before any of the app's, so they stop after those: a service that ended in its turn would miss what comes while they drain.
/// </summary>
public abstract class LateWriter : BackgroundService, IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing: the writing goes on until every other service has stopped.</summary>
    public sealed override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await FinishAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Out of time: the rest is lost, as by a crash.
        }
    }

    /// <summary>Writes what is left.</summary>
    /// <param name="cancellationToken">Fires when the process will wait no longer.</param>
    protected abstract Task FinishAsync(CancellationToken cancellationToken);
}
