using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Binds a parameter to a blob.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BlobInputAttribute : InputBindingAttribute
{
    /// <summary>Sets the path, <c>container/blob</c>; <c>%Setting%</c> and binding data in braces are replaced.</summary>
    public BlobInputAttribute(string blobPath) => BlobPath = blobPath;

    /// <summary>The path as written.</summary>
    public string BlobPath { get; }

    /// <summary>Name of the setting with the storage connection; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }
}
