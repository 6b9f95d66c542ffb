using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Sends the value to a storage queue: a string or bytes as they are, anything else as JSON, a sequence as one message each.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class QueueOutputAttribute : OutputBindingAttribute
{
    /// <summary>Names the queue; <c>%Setting%</c> and binding data in braces are replaced.</summary>
    public QueueOutputAttribute(string queueName) => QueueName = queueName;

    /// <summary>The queue's name as written.</summary>
    public string QueueName { get; }

    /// <summary>Name of the setting with the storage connection; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }
}
