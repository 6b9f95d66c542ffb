using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Mlops.Storage.Operations;

/// <summary>How full the queues are.</summary>
public sealed class QueueMeter(StorageConnection connection)
{
    /// <summary>Messages by queue, about, those of the poison queues included; a queue that does not exist holds none.</summary>
    public async Task<IReadOnlyList<(string Queue, int Messages)>> CountAsync(CancellationToken cancellationToken)
    {
        List<(string, int)> counts = [];
        foreach (string queue in StorageNames.Queues.SelectMany(name => new[] { name, name + StorageNames.PoisonSuffix }))
        {
            counts.Add((queue, await CountAsync(queue, cancellationToken)));
        }

        return counts;
    }

    /// <summary>Messages in one queue, about; 0 when there is no such queue.</summary>
    public async Task<int> CountAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            Response<QueueProperties> properties = await connection.Queue(queue).GetPropertiesAsync(cancellationToken);
            return properties.Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return 0;
        }
    }

    /// <summary>When the message at the head of a queue was put there, if nobody ever took it up: one that is tried again is old for another reason. Null when there is none, or no such queue.</summary>
    public async Task<DateTimeOffset?> UntouchedSinceAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            Response<PeekedMessage> peeked = await connection.Queue(queue).PeekMessageAsync(cancellationToken);
            return peeked.Value is { DequeueCount: 0 } message ? message.InsertedOn : null;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }
}
