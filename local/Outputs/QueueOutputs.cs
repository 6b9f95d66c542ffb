using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.Outputs;

/// <summary>Queue outputs: one message per element; the queue is made if it does not exist.</summary>
internal sealed class QueueOutputs(AppSettings settings, HostJson host, StorageConnections connections, IServiceProvider services) : IOutputWriter
{
    public bool Handles(OutputBindingAttribute attribute) => attribute is QueueOutputAttribute;

    public async Task WriteAsync(OutputBindingAttribute attribute, object value, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancellationToken)
    {
        var output = (QueueOutputAttribute)attribute;
        var name = BindingTemplate.Fill(settings.Resolve(output.QueueName, "Queue output"), bindingData).ToLowerInvariant();
        var queue = connections.Queues(output.Connection).GetQueueClient(name);
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        foreach (var element in OutputContent.Each(value))
        {
            var content = OutputContent.Of(element, WorkerSerializer.Of(services));
            await queue.SendMessageAsync(host.Queues.Base64 ? Convert.ToBase64String(content) : content.ToString(), cancellationToken);
        }
    }
}
