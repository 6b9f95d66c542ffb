using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts the function once for each version of a blob that matches a path pattern.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BlobTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Sets the pattern, such as <c>container/{folder}/{name}.csv</c>.</summary>
    public BlobTriggerAttribute(string blobPath) => BlobPath = blobPath;

    /// <summary>The pattern as written.</summary>
    public string BlobPath { get; }

    /// <summary>Name of the setting with the storage connection; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }

    /// <summary>How the host learns of new blobs.</summary>
    public BlobTriggerSource Source { get; set; }
}
