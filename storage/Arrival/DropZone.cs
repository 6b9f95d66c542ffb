using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Mlops.Storage.Arrival;

/// <summary>The container where users put files. The platform only reads it, except for uploads over HTTP.</summary>
public sealed class DropZone(StorageConnection connection)
{
    private readonly BlobContainerClient _container = connection.Container(StorageNames.Drop);

    /// <summary>Streams a file in; it appears whole or not at all. Returns its ETag.</summary>
    /// <exception cref="InvalidDataException">The content is longer than <paramref name="maxBytes"/>.</exception>
    public async Task<string> WriteAsync(string name, Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        BlobUploadOptions options = new()
        {
            TransferOptions = new StorageTransferOptions { MaximumConcurrency = 2, InitialTransferSize = 4 << 20, MaximumTransferSize = 4 << 20 },
        };
        await using LengthLimitedStream limited = new(content, maxBytes);
        Response<BlobContentInfo> response = await _container.GetBlobClient(name).UploadAsync(limited, options, cancellationToken);
        return Version(response.Value.ETag);
    }

    /// <summary>The ETag of a file, or null when there is none.</summary>
    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            Response<BlobProperties> response = await _container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return Version(response.Value.ETag);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Opens one version of a file for reading, or returns null when it was replaced or deleted since.</summary>
    public async Task<Stream?> TryOpenAsync(string name, string etag, CancellationToken cancellationToken)
    {
        try
        {
            BlobOpenReadOptions options = new(allowModifications: false) { Conditions = new BlobRequestConditions { IfMatch = new ETag($"\"{etag}\"") } };
            return await _container.GetBlobClient(name).OpenReadAsync(options, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            return null;
        }
    }

    /// <summary>All files under <c>data/</c> with their ETags, in name order.</summary>
    public async IAsyncEnumerable<DroppedFile> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (BlobItem blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, "data/", cancellationToken))
        {
            if (blob.Properties.ETag is { } etag)
            {
                yield return new DroppedFile(blob.Name, Version(etag), blob.Properties.LastModified ?? DateTimeOffset.MinValue);
            }
        }
    }

    // A header carries an ETag with quotes, a listing without: one form, or the same version would look like two.
    private static string Version(ETag etag) => etag.ToString().Trim('"');
}

/// <summary>One version of a file in the drop zone.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="ETag">Its version, without quotes.</param>
/// <param name="LastModified">When it was written.</param>
public sealed record DroppedFile(string Name, string ETag, DateTimeOffset LastModified);
