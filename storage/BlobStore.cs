using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Mlops.Storage;

/// <summary>Reads and writes whole blobs of one container. Writing once is the rule: a second writer of the same name finds it done.</summary>
internal sealed class BlobStore(BlobContainerClient container)
{
    /// <summary>Writes a blob unless it exists. Returns whether this call wrote it.</summary>
    public Task<bool> WriteOnceAsync(string name, BinaryData content, string contentType, CancellationToken cancellationToken) =>
        WriteOnceAsync(name, content.ToStream(), contentType, cancellationToken);

    /// <summary>Streams a blob in unless it exists. Returns whether this call wrote it.</summary>
    public async Task<bool> WriteOnceAsync(string name, Stream content, string contentType, CancellationToken cancellationToken)
    {
        try
        {
            BlobUploadOptions options = new()
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            };
            await container.GetBlobClient(name).UploadAsync(content, options, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            return false;
        }
    }

    public Task<bool> WriteTextOnceAsync(string name, string text, string contentType, CancellationToken cancellationToken) =>
        WriteOnceAsync(name, BinaryData.FromString(text), contentType, cancellationToken);

    public Task<bool> WriteJsonOnceAsync<T>(string name, T value, CancellationToken cancellationToken) =>
        WriteOnceAsync(name, new BinaryData(JsonSerializer.SerializeToUtf8Bytes(value, StorageJson.Options)), "application/json", cancellationToken);

    /// <summary>Writes a blob, replacing it: for results that an activity computes again from the same input.</summary>
    public async Task WriteTextAsync(string name, string text, string contentType, CancellationToken cancellationToken)
    {
        BlobUploadOptions options = new() { HttpHeaders = new BlobHttpHeaders { ContentType = contentType } };
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(text), options, cancellationToken);
    }

<<<<<<< HEAD
    /// <summary>Writes a document, replacing it: tagged, so that the account keeps it for ten years and no longer.</summary>
    public async Task WriteDocumentAsync(string name, string text, string contentType, CancellationToken cancellationToken)
    {
        BlobUploadOptions options = new()
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
            Tags = new Dictionary<string, string> { [StorageNames.RetentionTag] = StorageNames.DocumentRetention },
        };
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(text), options, cancellationToken);
    }

=======
    /// <summary>Writes a blob, replacing it.</summary>
    public Task WriteAsync(string name, BinaryData content, CancellationToken cancellationToken) =>
        container.GetBlobClient(name).UploadAsync(content, overwrite: true, cancellationToken);

    /// <summary>The names of all blobs that start with <paramref name="prefix"/>.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (BlobItem blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
        {
            names.Add(blob.Name);
        }

        return names;
    }

    /// <summary>Deletes a blob; one that is gone already is fine.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellationToken);

>>>>>>> 1339876 (Search for settings in rounds of tracked trials; killed trainings go on from folds and checkpoints)
    /// <summary>The content, or null when there is no such blob.</summary>
    public async Task<BinaryData?> TryReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            Response<BlobDownloadResult> response = await container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return response.Value.Content;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    /// <summary>The content as text, or null when there is no such blob.</summary>
    public async Task<string?> TryReadTextAsync(string name, CancellationToken cancellationToken) =>
        await TryReadAsync(name, cancellationToken) is { } content ? Encoding.UTF8.GetString(content.ToMemory().Span) : null;

    /// <summary>The content as JSON.</summary>
    /// <exception cref="StoredDataException">There is no such blob.</exception>
    public async Task<T> ReadJsonAsync<T>(string name, CancellationToken cancellationToken) =>
        await TryReadAsync(name, cancellationToken) is { } content
            ? JsonSerializer.Deserialize<T>(content.ToMemory().Span, StorageJson.Options) ?? throw StoredDataException.Empty(container.Name, name)
            : throw StoredDataException.Missing(container.Name, name);

    /// <summary>Opens a blob for reading from its start, without holding it in memory.</summary>
    /// <exception cref="StoredDataException">There is no such blob.</exception>
    public async Task<Stream> OpenReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await container.GetBlobClient(name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            throw StoredDataException.Missing(container.Name, name);
        }
    }
}
