using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Mlops.Core.Data;

namespace Mlops.Storage.Arrival;

/// <summary>The <c>data/{model}/model.yaml</c> of each model in the drop zone: dropped there by people, or applied by the platform.</summary>
public sealed class ConfigurationFiles(StorageConnection connection)
{
    private const string Revision = "mlopsrevision";
    private readonly BlobContainerClient _container = connection.Container(StorageNames.Drop);

    /// <summary>The file, its text cut after <paramref name="maxBytes"/>, or null when there is none.</summary>
    public async Task<ConfigurationFile?> FindAsync(string model, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadOptions options = new() { Range = new HttpRange(0, maxBytes) };
            Response<BlobDownloadResult> response = await Blob(model).DownloadContentAsync(options, cancellationToken);
            return new ConfigurationFile(response.Value.Content.ToString(), response.Value.Details.ETag.ToString(), RevisionOf(response.Value.Details.Metadata));
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException exception) when (exception.Status == 416)
        {
            // A range of an empty file.
            Response<BlobProperties> properties = await Blob(model).GetPropertiesAsync(cancellationToken: cancellationToken);
            return new ConfigurationFile(string.Empty, properties.Value.ETag.ToString(), RevisionOf(properties.Value.Metadata));
        }
    }

    /// <summary>Writes the file if it is still the one that was read. Returns whether it did.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The text.</param>
    /// <param name="revision">The revision, kept with the file: a file that somebody drops over it has none.</param>
    /// <param name="expected">The file as it was read; null when there was none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<bool> TryWriteAsync(string model, string text, long revision, ConfigurationFile? expected, CancellationToken cancellationToken)
    {
        BlobUploadOptions options = new()
        {
            Conditions = expected is null ? new BlobRequestConditions { IfNoneMatch = ETag.All } : new BlobRequestConditions { IfMatch = new ETag(expected.ETag) },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/yaml" },
            Metadata = new Dictionary<string, string> { [Revision] = revision.ToString(CultureInfo.InvariantCulture) },
        };
        try
        {
            await Blob(model).UploadAsync(BinaryData.FromString(text), options, cancellationToken);
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    private static long? RevisionOf(IDictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue(Revision, out string? text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision : null;

    private BlobClient Blob(string model) => _container.GetBlobClient($"{BatchPath.Root}{model}/{BatchPath.ConfigurationName}");
}

/// <summary>A model's configuration as it lies in storage.</summary>
/// <param name="Text">The text.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Revision">The revision under which the platform wrote it, or null when somebody dropped it.</param>
public sealed record ConfigurationFile(string Text, string ETag, long? Revision);
