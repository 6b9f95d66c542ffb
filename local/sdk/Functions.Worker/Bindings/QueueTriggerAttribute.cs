using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts the function for each message of a storage queue.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Names the queue; <c>%Setting%</c> is replaced.</summary>
    public QueueTriggerAttribute(string queueName) => QueueName = queueName;

    /// <summary>The queue's name as written.</summary>
    public string QueueName { get; }

    /// <summary>Name of the setting with the storage connection; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }
}
