namespace Mlops.Storage.Runs;

/// <summary>Checkpoints of runs that train: kept while they do, so that another process goes on, and removed when they end.</summary>
/// <remarks>A pipeline that is terminated leaves its last ones behind; infra/ deletes what lies there for a month.</remarks>
public sealed class CheckpointStore(StorageConnection connection)
{
    // No model's name begins so: checkpoints lie beside the artifacts of all models.
    private const string Folder = "_checkpoints";

    private readonly BlobStore _blobs = new(connection.Container(StorageNames.Runs));

    /// <summary>All checkpoints of a run, by name.</summary>
    public async Task<IReadOnlyDictionary<string, BinaryData>> ReadAsync(string run, CancellationToken cancellationToken)
    {
        Dictionary<string, BinaryData> found = new(StringComparer.Ordinal);
        foreach (string blob in await _blobs.ListAsync(Prefix(run), cancellationToken))
        {
            if (await _blobs.TryReadAsync(blob, cancellationToken) is { } content)
            {
                found[blob[Prefix(run).Length..]] = content;
            }
        }

        return found;
    }

    /// <summary>Writes a checkpoint, replacing the earlier one of that name.</summary>
    public Task WriteAsync(string run, string name, BinaryData content, CancellationToken cancellationToken) => _blobs.WriteAsync(Prefix(run) + name, content, cancellationToken);

    /// <summary>Removes all checkpoints of a run.</summary>
    public async Task ClearAsync(string run, CancellationToken cancellationToken)
    {
        foreach (string blob in await _blobs.ListAsync(Prefix(run), cancellationToken))
        {
            await _blobs.DeleteAsync(blob, cancellationToken);
        }
    }

    private static string Prefix(string run) => $"{Folder}/{run}/";
}
