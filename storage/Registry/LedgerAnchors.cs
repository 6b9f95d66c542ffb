using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Mlops.Core.Registry;

namespace Mlops.Storage.Registry;

/// <summary>
/// Hashes of ledger entries in the names of blobs, <c>{model}/{sequence}-{hash}</c>: written once, never replaced, listed without opening them.
/// Two hashes for one entry can lie side by side, so that a ledger written anew contradicts its anchors instead of replacing them.
/// </summary>
public sealed class LedgerAnchors(StorageConnection connection)
{
    private readonly BlobContainerClient _container = connection.Container(StorageNames.Ledger);

    /// <summary>Anchors an entry. Returns false when it was anchored before.</summary>
    public Task<bool> AddAsync(string model, LedgerEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new BlobStore(_container).WriteJsonOnceAsync(string.Create(CultureInfo.InvariantCulture, $"{model}/{entry.Sequence:D10}-{entry.Hash}"), entry, cancellationToken);
    }

    /// <summary>All anchors of a model, oldest entry first. Their time is that of the storage service.</summary>
    public async Task<IReadOnlyList<LedgerAnchor>> ListAsync(string model, CancellationToken cancellationToken)
    {
        List<LedgerAnchor> anchors = [];
        await foreach (BlobItem blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{model}/", cancellationToken))
        {
            string name = blob.Name[(model.Length + 1)..];
            int dash = name.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && long.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence))
            {
                anchors.Add(new LedgerAnchor(sequence, name[(dash + 1)..], blob.Properties.CreatedOn ?? DateTimeOffset.MinValue));
            }
        }

        return anchors;
    }
}
