using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.Blobs;

/// <summary>Blob triggers: one listener per function. Both sources are served by listing the container, because Azurite raises no events.</summary>
internal sealed class BlobTriggers(FunctionCatalog catalog, FunctionInvoker invoker, AppSettings settings, HostJson host, LocalOptions options, StorageConnections connections, TimeProvider time, ILogger<BlobTriggers> log)
    : BackgroundService, IHandTrigger
{
    public bool Handles(FunctionDescriptor function) => function.Trigger is BlobTriggerAttribute;

    public async Task RunAsync(FunctionDescriptor function, string input, CancellationToken cancellationToken)
    {
        using var listener = Listener(function, (BlobTriggerAttribute)function.Trigger);
        await listener.InvokeAsync(input, cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(catalog.Of<BlobTriggerAttribute>().Select(async f =>
    {
        using var listener = Listener(f.Function, f.Trigger);
        await listener.RunAsync(stoppingToken);
    }));

    private BlobListener Listener(FunctionDescriptor function, BlobTriggerAttribute trigger)
    {
        var path = settings.Resolve(trigger.BlobPath, $"Function '{function.Name}'");
        var receipts = Path.Combine(options.DataDirectory, "blobs", function.Name + ".txt");
        return new BlobListener(function, path, connections.Blobs(trigger.Connection), connections.Queues(trigger.Connection), receipts, host.Blobs, options.EventGrid.WatchInterval, invoker, time, log);
    }
}
