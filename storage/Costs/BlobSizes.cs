using Azure.Storage.Blobs.Models;
using Mlops.Core.Data;

namespace Mlops.Storage.Costs;

/// <summary>Measures the blobs of the platform by listing them: one request per 5,000.</summary>
public sealed class BlobSizes(StorageConnection connection)
{
    /// <summary>Bytes by model; the empty name is what belongs to none.</summary>
    public async Task<IReadOnlyDictionary<string, long>> MeasureAsync(CancellationToken cancellationToken)
    {
        SortedDictionary<string, long> bytes = new(StringComparer.Ordinal);
        foreach (string container in StorageNames.Containers)
        {
            await foreach (BlobItem blob in connection.Container(container).GetBlobsAsync(BlobTraits.None, BlobStates.None, null, cancellationToken))
            {
                string model = ModelOf(container, blob.Name);
                bytes[model] = bytes.GetValueOrDefault(model) + (blob.Properties.ContentLength ?? 0);
            }
        }

        return bytes;
    }

    /// <summary>The model that a blob belongs to: the first folder, or the second where the first says what kind of thing it is.</summary>
    internal static string ModelOf(string container, string name)
    {
        string[] folders = name.Split('/');
        int index = container is StorageNames.Drop or StorageNames.Reports ? 1 : 0;
        return folders.Length > index + 1 && ModelName.TryParse(folders[index], out ModelName model, out _) ? model.Value : string.Empty;
    }
}
