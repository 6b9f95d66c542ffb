using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Mlops.Local.Durable.History;

namespace Mlops.Local.Durable.Storage;

/// <summary>Texts that are too large for a row, compressed in blobs: <c>{hash of the instance id}/{generation}/{new id}.gz</c>.</summary>
internal sealed class PayloadBlobs(BlobContainerClient container)
{
    /// <summary>Texts up to this size, in bytes of UTF-16 as tables count them, stay in the row. A property may have 64 KiB, an entity 1 MiB.</summary>
    public const int MaxInlineBytes = 45 * 1024;

    private bool _exists;

    public static bool IsLarge(string? text) => text is not null && text.Length * sizeof(char) > MaxInlineBytes;

    public async Task<string> WriteAsync(string instanceId, int generation, string text, CancellationToken cancellation)
    {
        if (!_exists)
        {
            await container.CreateIfNotExistsAsync(cancellationToken: cancellation);
            _exists = true;
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        compressed.Position = 0;
        var name = $"{Folder(instanceId)}{Folder(generation)}{Guid.NewGuid():N}.gz";
        await container.GetBlobClient(name).UploadAsync(compressed, overwrite: true, cancellation);
        return name;
    }

    public async Task<string> ReadAsync(string name, CancellationToken cancellation)
    {
        using var compressed = await container.GetBlobClient(name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellation);
        using var reader = new StreamReader(new GZipStream(compressed, CompressionMode.Decompress), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    /// <summary>Removes the blobs of an instance's generations below <paramref name="before"/>, except those in <paramref name="keep"/>.</summary>
    public async Task RemoveAsync(string instanceId, int before, IReadOnlyCollection<string> keep, CancellationToken cancellation)
    {
        var folder = Folder(instanceId);
        try
        {
            await foreach (var blob in container.GetBlobsAsync(prefix: folder, cancellationToken: cancellation))
            {
                if (string.CompareOrdinal(blob.Name, folder.Length, Folder(before), 0, 9) < 0 && !keep.Contains(blob.Name))
                {
                    await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellation);
                }
            }
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // No payload has ever been large enough to need the container.
        }
    }

    /// <summary>The text of a stored text.</summary>
    public async Task<string?> LoadAsync(StoredText text, CancellationToken cancellation) => text.Blob is { } blob ? await ReadAsync(blob, cancellation) : text.Inline;

    // An id may have characters that a blob name treats specially; its hash has none.
    private static string Folder(string instanceId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(instanceId)))[..32] + "/";

    private static string Folder(int generation) => generation.ToString("x8", CultureInfo.InvariantCulture) + "/";
}
