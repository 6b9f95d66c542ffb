namespace Microsoft.Azure.Functions.Worker;

/// <summary>How the host learns of new blobs.</summary>
public enum BlobTriggerSource
{
    /// <summary>The container is listed.</summary>
    LogsAndContainerScan = 0,

    /// <summary>Event Grid sends <c>BlobCreated</c> events to the host's webhook.</summary>
    EventGrid = 1,
}
