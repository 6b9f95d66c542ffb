using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Mlops.Core.Registry;
using Mlops.Core.Traffic;

namespace Mlops.Storage.Registry;

/// <summary>
/// The registry: one table partition a model, with a head row that every change replaces by its ETag. Versions, traffic and the ledger entry
/// of a change commit in one transaction, so no change is ever without its entry, and of two writers one decides again on what the other wrote.
/// </summary>
public sealed class RegistryStore(StorageConnection connection, TimeProvider time)
{
    private const int MaximumAttempts = 30;
    private const string ModelsPartition = "-models";
    private readonly BlobStore _blobs = new(connection.Container(StorageNames.Models));
    private readonly TableClient _table = connection.Table(StorageNames.RegistryTable);
    private readonly LedgerAnchors _anchors = new(connection);

    /// <summary>Makes a model known, so that it is listed before its first version.</summary>
    public Task AddModelAsync(string model, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(new TableEntity(ModelsPartition, model), TableUpdateMode.Merge, cancellationToken);

    /// <summary>The names of all models, in order.</summary>
    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(ModelsPartition, string.Empty, cancellationToken))
        {
            names.Add(row.RowKey);
        }

        return names;
    }

    /// <summary>Whether a model is known.</summary>
    public async Task<bool> ExistsAsync(string model, CancellationToken cancellationToken) =>
        await _table.FindAsync(ModelsPartition, model, cancellationToken) is not null;

    /// <summary>A model's record; one without versions when nothing was registered.</summary>
    public async Task<ModelRecord> ReadAsync(string model, CancellationToken cancellationToken) => (await ReadWithHeadAsync(model, cancellationToken)).Record;

    /// <summary>Decides on a model's record and commits the change with its ledger entry.</summary>
    /// <param name="model">The model.</param>
    /// <param name="actor">Who asks, for the ledger.</param>
    /// <param name="decide">A pure rule; called again on the newer record when another writer was faster. Null: nothing to change.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The record after the change, or as it was when there was nothing to change.</returns>
    public async Task<ModelRecord> CommitAsync(string model, string actor, Func<ModelRecord, RegistryChange?> decide, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            (ModelRecord record, TableEntity? head) = await ReadWithHeadAsync(model, cancellationToken);
            if (decide(record) is not { } change)
            {
                return record;
            }

            DateTimeOffset now = time.GetUtcNow();
            LedgerEntry entry = LedgerEntry.After(record.LedgerHead, now, actor, change.Action, change.Detail);
            HeadRow next = new(
                entry,
                change.PreviousChampion ?? record.PreviousChampion,
                change.Traffic is { } traffic && traffic.Champion != record.Traffic?.Champion ? now : record.ChampionSince,
                change.Configuration ?? record.Configuration);
            TableEntity nextHead = TableExtensions.Row(model, "head", next);
            List<TableTransactionAction> actions =
            [
                head is null ? new(TableTransactionActionType.Add, nextHead) : new(TableTransactionActionType.UpdateReplace, nextHead, head.ETag),
                new(TableTransactionActionType.Add, TableExtensions.Row(model, string.Create(CultureInfo.InvariantCulture, $"ledger-{entry.Sequence:D10}"), entry)),
                .. change.Versions.Select(version => new TableTransactionAction(
                    TableTransactionActionType.UpsertReplace, TableExtensions.Row(model, string.Create(CultureInfo.InvariantCulture, $"version-{version.Number:D8}"), version))),
            ];
            if (change.Traffic is not null)
            {
                actions.Add(new(TableTransactionActionType.UpsertReplace, TableExtensions.Row(model, "traffic", change.Traffic)));
            }

            try
            {
                await _table.SubmitTransactionAsync(actions, cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.Status is 409 or 412 && attempt < MaximumAttempts)
            {
                // Another writer was faster: decide again on what it wrote.
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), time, cancellationToken);
                continue;
            }

            await AnchorAsync(model, entry, cancellationToken);
            return await ReadAsync(model, cancellationToken);
        }
    }

    /// <summary>Who serves a model, or null before its first champion: one small read, for the endpoint.</summary>
    public async Task<TrafficPolicy?> FindTrafficAsync(string model, CancellationToken cancellationToken) =>
        (await _table.FindAsync(model, "traffic", cancellationToken))?.Read<TrafficPolicy>();

    /// <summary>One version, or null.</summary>
    public async Task<ModelVersion?> FindVersionAsync(string model, int number, CancellationToken cancellationToken) =>
        (await _table.FindAsync(model, string.Create(CultureInfo.InvariantCulture, $"version-{number:D8}"), cancellationToken))?.Read<ModelVersion>();

    /// <summary>The whole ledger of a model, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(string model, CancellationToken cancellationToken)
    {
        List<LedgerEntry> entries = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(model, "ledger-", cancellationToken))
        {
            entries.Add(row.Read<LedgerEntry>());
        }

        return entries;
    }

    /// <summary>Keeps an ONNX file under its hash.</summary>
    public Task WriteModelAsync(string model, string hash, BinaryData onnx, CancellationToken cancellationToken) =>
        _blobs.WriteOnceAsync(ModelBlob(model, hash), onnx, "application/octet-stream", cancellationToken);

    /// <summary>Reads an ONNX file.</summary>
    /// <exception cref="StoredDataException">It is missing.</exception>
    public async Task<BinaryData> ReadModelAsync(string model, string hash, CancellationToken cancellationToken) =>
        await _blobs.TryReadAsync(ModelBlob(model, hash), cancellationToken) ?? throw StoredDataException.Missing(StorageNames.Models, ModelBlob(model, hash));

    /// <summary>Keeps the trained model that an ONNX file was exported from, under the hash of that file: it explains what the file answers.</summary>
    public Task WriteTrainedAsync(string model, string hash, string json, CancellationToken cancellationToken) =>
        _blobs.WriteTextOnceAsync(TrainedBlob(model, hash), json, "application/json", cancellationToken);

    /// <summary>Reads the trained model of an ONNX file, or null when none was kept.</summary>
    public Task<string?> FindTrainedAsync(string model, string hash, CancellationToken cancellationToken) => _blobs.TryReadTextAsync(TrainedBlob(model, hash), cancellationToken);

    private static string ModelBlob(string model, string hash) => $"{model}/{hash}.onnx";

    private static string TrainedBlob(string model, string hash) => $"{model}/{hash}.json";

    // The change is committed: an anchor that cannot be written now is written by the timer, and must not make the change look failed.
    private async Task AnchorAsync(string model, LedgerEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await _anchors.AddAsync(model, entry, cancellationToken);
        }
        catch (RequestFailedException)
        {
            // Seen as a missing anchor until the timer has run.
        }
    }

    private async Task<(ModelRecord Record, TableEntity? Head)> ReadWithHeadAsync(string model, CancellationToken cancellationToken)
    {
        // Without the ledger, whose keys lie between "head" and "traffic". One page of a query is not a snapshot, but every change
        // replaces the head: what was read half-old is refused at the commit and read again.
        TableEntity? head = await _table.FindAsync(model, "head", cancellationToken);
        TrafficPolicy? traffic = null;
        List<ModelVersion> versions = [];
        string rest = TableClient.CreateQueryFilter($"PartitionKey eq {model} and RowKey ge {"traffic"}");
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(rest, cancellationToken: cancellationToken))
        {
            if (row.RowKey == "traffic")
            {
                traffic = row.Read<TrafficPolicy>();
            }
            else
            {
                versions.Add(row.Read<ModelVersion>());
            }
        }

        HeadRow? state = head?.Read<HeadRow>();
        ModelRecord record = new()
        {
            Model = model,
            Versions = versions,
            Traffic = traffic,
            PreviousChampion = state?.PreviousChampion,
            ChampionSince = state?.ChampionSince,
            Configuration = state?.Configuration,
            LedgerHead = state?.Ledger,
        };
        return (record, head);
    }

    private sealed record HeadRow(LedgerEntry Ledger, int? PreviousChampion, DateTimeOffset? ChampionSince, AppliedConfiguration? Configuration = null);
}
