using Azure.Core.Serialization;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Mlops.Local.Hosting;

namespace Mlops.Local.Blobs;

/// <summary>Gives a blob as the type a parameter asks for: a client, a stream, text, bytes, or an object from JSON.</summary>
internal static class BlobTargets
{
    public static async Task<object?> BindAsync(BlobContainerClient container, string blob, Type target, ObjectSerializer serializer, CancellationToken cancellationToken)
    {
        var client = container.GetBlobClient(blob);
        return target switch
        {
            _ when target == typeof(BlobContainerClient) => container,
            _ when target == typeof(BlobClient) || target == typeof(BlobBaseClient) => client,
            _ when target == typeof(BlockBlobClient) => container.GetBlockBlobClient(blob),
            _ when target == typeof(AppendBlobClient) => container.GetAppendBlobClient(blob),
            _ when target == typeof(PageBlobClient) => container.GetPageBlobClient(blob),
            _ when target == typeof(Stream) => await client.OpenReadAsync(cancellationToken: cancellationToken),
            _ => ParameterValue.Convert((await client.DownloadContentAsync(cancellationToken)).Value.Content, target, serializer),
        };
    }
}
