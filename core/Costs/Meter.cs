namespace Mlops.Core.Costs;

/// <summary>What is billed.</summary>
public enum Meter
{
    /// <summary>Executions of functions.</summary>
    Executions,

    /// <summary>Time of instances times their memory, in GB-seconds.</summary>
    InstanceTime,

    /// <summary>Blobs kept, in GB-months.</summary>
    BlobBytes,

    /// <summary>Requests to blob storage that write.</summary>
    BlobWrites,

    /// <summary>Requests to blob storage that list.</summary>
    BlobLists,

    /// <summary>Requests to blob storage that read.</summary>
    BlobReads,

    /// <summary>Requests to table storage.</summary>
    TableOperations,

    /// <summary>Requests to queues.</summary>
    QueueOperations,

    /// <summary>Hours of the always-on endpoint that this platform is compared with.</summary>
    EndpointHours,
}
