namespace Mlops.Core.Costs;

/// <summary>What was used: counted, not estimated.</summary>
public sealed record Usage
{
    /// <summary>Nothing.</summary>
    public static Usage None { get; } = new();

    /// <summary>Executions of functions.</summary>
    public long Executions { get; init; }

    /// <summary>Seconds of instances, as the plan bills them: an instance that runs several executions at once is counted once, each of them has its share.</summary>
    public double InstanceSeconds { get; init; }

    /// <summary>Requests to blob storage that write.</summary>
    public long BlobWrites { get; init; }

    /// <summary>Requests to blob storage that list.</summary>
    public long BlobLists { get; init; }

    /// <summary>Requests to blob storage that read.</summary>
    public long BlobReads { get; init; }

    /// <summary>Requests to table storage.</summary>
    public long TableOperations { get; init; }

    /// <summary>Requests to queues.</summary>
    public long QueueOperations { get; init; }

    /// <summary>The sum of two.</summary>
    public static Usage operator +(Usage left, Usage right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new Usage
        {
            Executions = left.Executions + right.Executions,
            InstanceSeconds = left.InstanceSeconds + right.InstanceSeconds,
            BlobWrites = left.BlobWrites + right.BlobWrites,
            BlobLists = left.BlobLists + right.BlobLists,
            BlobReads = left.BlobReads + right.BlobReads,
            TableOperations = left.TableOperations + right.TableOperations,
            QueueOperations = left.QueueOperations + right.QueueOperations,
        };
    }
}
