using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.Queues;

/// <summary>Queue triggers: one listener per function.</summary>
internal sealed class QueueTriggers(FunctionCatalog catalog, FunctionInvoker invoker, AppSettings settings, HostJson host, LocalOptions options, StorageConnections connections, TimeProvider time, ILogger<QueueTriggers> log)
    : BackgroundService, IHandTrigger
{
    public bool Handles(FunctionDescriptor function) => function.Trigger is QueueTriggerAttribute;

    public Task RunAsync(FunctionDescriptor function, string input, CancellationToken cancellationToken) =>
        Listener(function, (QueueTriggerAttribute)function.Trigger).InvokeAsync(QueueListener.ByHand(input, time.GetUtcNow()), cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(catalog.Of<QueueTriggerAttribute>().Select(f => Listener(f.Function, f.Trigger).RunAsync(stoppingToken)));

    private QueueListener Listener(FunctionDescriptor function, QueueTriggerAttribute trigger)
    {
        var name = settings.Resolve(trigger.QueueName, $"Function '{function.Name}'").ToLowerInvariant();
        var queues = connections.Queues(trigger.Connection);
        return new QueueListener(function, queues.GetQueueClient(name), queues.GetQueueClient(name + "-poison"), host.Queues, options.MessageVisibility, invoker, time, log);
    }
}
