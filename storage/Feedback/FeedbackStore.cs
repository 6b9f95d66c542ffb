using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Mlops.Storage.Inference;

namespace Mlops.Storage.Feedback;

/// <summary>True labels by prediction id: one partition a model and hour of prediction, so that joining an hour reads one partition.</summary>
public sealed class FeedbackStore(StorageConnection connection, TimeProvider time)
{
    private readonly TableClient _table = connection.Table(StorageNames.FeedbackTable);

    /// <summary>Writes labels of one model; a later label of the same prediction replaces the earlier one.</summary>
    public async Task WriteAsync(IReadOnlyList<(PredictionId Id, string Label)> labels, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (IGrouping<string, (PredictionId Id, string Label)> hour in labels.GroupBy(label => Partition(label.Id.Model, label.Id.Hour)))
        {
            // The last label wins: a transaction may name a row once only.
            IEnumerable<TableTransactionAction> actions = hour
                .GroupBy(label => label.Id.ToString())
                .Select(label => new TableTransactionAction(
                    TableTransactionActionType.UpsertReplace,
                    new TableEntity(hour.Key, label.Key) { ["Label"] = label.Last().Label, ["Received"] = now }));
            foreach (TableTransactionAction[] batch in actions.Chunk(100))
            {
                await _table.SubmitTransactionAsync(batch, cancellationToken);
            }
        }
    }

    /// <summary>The labels of the predictions made in the hours that touch [<paramref name="from"/>, <paramref name="to"/>], by prediction id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(string model, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        for (DateTime hour = from.UtcDateTime.Date.AddHours(from.UtcDateTime.Hour); hour <= to.UtcDateTime; hour = hour.AddHours(1))
        {
            await foreach ((string id, string label) in ReadHourAsync(model, new DateTimeOffset(hour, TimeSpan.Zero), cancellationToken))
            {
                labels[id] = label;
            }
        }

        return labels;
    }

    /// <summary>The label of one prediction, or null.</summary>
    public async Task<string?> FindAsync(PredictionId id, CancellationToken cancellationToken) =>
        (await _table.FindAsync(Partition(id.Model, id.Hour), id.ToString(), cancellationToken))?.GetString("Label");

    private async IAsyncEnumerable<(string Id, string Label)> ReadHourAsync(string model, DateTimeOffset hour, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableEntity row in _table.WithPrefixAsync(Partition(model, hour), string.Empty, cancellationToken))
        {
            yield return (row.RowKey, row.GetString("Label"));
        }
    }

    private static string Partition(string model, DateTimeOffset hour) => string.Create(CultureInfo.InvariantCulture, $"{model}|{hour.UtcDateTime:yyyyMMddHH}");
}
