using Azure.Data.Tables;
using Mlops.Core.Data;
using Mlops.Core.Statistics;
using Mlops.Core.Validation;

namespace Mlops.Storage.Datasets;

/// <summary>Dataset versions: immutable files named by their SHA-256, a manifest, a profile, and the contract that the first good batch set.</summary>
public sealed class DatasetStore(StorageConnection connection, TimeProvider time)
{
    private readonly BlobStore _blobs = new(connection.Container(StorageNames.Datasets));
    private readonly TableClient _table = connection.Table(StorageNames.DatasetsTable);

    /// <summary>Keeps a batch under its hash. The same bytes again change nothing.</summary>
    public Task WriteFileAsync(string blob, Stream content, CancellationToken cancellationToken) =>
        _blobs.WriteOnceAsync(blob, content, "application/octet-stream", cancellationToken);

    /// <summary>Opens a kept batch.</summary>
    public Task<Stream> OpenFileAsync(string blob, CancellationToken cancellationToken) => _blobs.OpenReadAsync(blob, cancellationToken);

    /// <summary>Stores a dataset version. Returns false when it existed.</summary>
    public async Task<bool> AddAsync(DatasetManifest manifest, TableProfile profile, string source, CancellationToken cancellationToken)
    {
        await _blobs.WriteTextOnceAsync(Path(manifest, "manifest.json"), manifest.ToJson(), "application/json", cancellationToken);
        await _blobs.WriteTextOnceAsync(Path(manifest, "profile.json"), profile.ToJson(), "application/json", cancellationToken);
        DatasetSummary summary = new(manifest.Id, manifest.Model, manifest.Files.Sum(file => file.Rows), source, time.GetUtcNow());
        return await _table.TryAddAsync(TableExtensions.Row(manifest.Model, manifest.Id, summary), cancellationToken);
    }

    /// <summary>A dataset version's summary, or null when there is none of that id.</summary>
    public async Task<DatasetSummary?> FindAsync(string model, string id, CancellationToken cancellationToken) =>
        (await _table.FindAsync(model, id, cancellationToken))?.Read<DatasetSummary>();

    /// <summary>All dataset versions of a model, oldest first.</summary>
    public async Task<IReadOnlyList<DatasetSummary>> ListAsync(string model, CancellationToken cancellationToken)
    {
        List<DatasetSummary> found = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(model, "ds-", cancellationToken))
        {
            found.Add(row.Read<DatasetSummary>());
        }

        return [.. found.OrderBy(dataset => dataset.Created).ThenBy(dataset => dataset.Id, StringComparer.Ordinal)];
    }

    /// <summary>A version's manifest.</summary>
    public async Task<DatasetManifest> ReadManifestAsync(string model, string id, CancellationToken cancellationToken) =>
        DatasetManifest.FromJson(await ReadTextAsync($"{model}/{id}/manifest.json", cancellationToken));

    /// <summary>A version's profile.</summary>
    public async Task<TableProfile> ReadProfileAsync(string model, string id, CancellationToken cancellationToken) =>
        TableProfile.FromJson(await ReadTextAsync($"{model}/{id}/profile.json", cancellationToken));

    /// <summary>The model's data contract, or null before the first good batch.</summary>
    public async Task<DataContract?> FindContractAsync(string model, CancellationToken cancellationToken) =>
        await _blobs.TryReadTextAsync($"{model}/contract.json", cancellationToken) is { } json ? DataContract.FromJson(json) : null;

    /// <summary>Sets the contract unless one is set; returns the one in force.</summary>
    public async Task<DataContract> SetContractOnceAsync(string model, DataContract contract, CancellationToken cancellationToken)
    {
        await _blobs.WriteTextOnceAsync($"{model}/contract.json", contract.ToJson(), "application/json", cancellationToken);
        return await FindContractAsync(model, cancellationToken) ?? contract;
    }

    /// <summary>Whether the model's split is set.</summary>
    public async Task<bool> HasSplitAsync(string model, CancellationToken cancellationToken) => await _blobs.TryReadAsync($"{model}/split.json", cancellationToken) is not null;

    /// <summary>Sets the rule of the model's split unless one is set; returns the one in force.</summary>
    public async Task<SplitRule> SetSplitOnceAsync(string model, SplitRule rule, CancellationToken cancellationToken)
    {
        string name = $"{model}/split.json";
        await _blobs.WriteJsonOnceAsync(name, rule, cancellationToken);
        return await _blobs.ReadJsonAsync<SplitRule>(name, cancellationToken);
    }

    private async Task<string> ReadTextAsync(string name, CancellationToken cancellationToken) =>
        await _blobs.TryReadTextAsync(name, cancellationToken) ?? throw StoredDataException.Missing(StorageNames.Datasets, name);

    private static string Path(DatasetManifest manifest, string name) => $"{manifest.Model}/{manifest.Id}/{name}";
}

/// <summary>What a list shows of a dataset version.</summary>
/// <param name="Id">The version's id, from the hash of its manifest.</param>
/// <param name="Model">The model it belongs to.</param>
/// <param name="Rows">Rows in all files.</param>
/// <param name="Source">The file it came from.</param>
/// <param name="Created">When it was stored.</param>
public sealed record DatasetSummary(string Id, string Model, long Rows, string Source, DateTimeOffset Created);
