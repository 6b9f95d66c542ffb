using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Writes the value to a blob: a string or bytes as they are, anything else as JSON.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class BlobOutputAttribute : OutputBindingAttribute
{
    /// <summary>Sets the path, <c>container/blob</c>; <c>%Setting%</c> and binding data in braces are replaced.</summary>
    public BlobOutputAttribute(string blobPath) => BlobPath = blobPath;

    /// <summary>The path as written.</summary>
    public string BlobPath { get; }

    /// <summary>Name of the setting with the storage connection; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }
}
