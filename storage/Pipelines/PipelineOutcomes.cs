using Azure.Data.Tables;

namespace Mlops.Storage.Pipelines;

/// <summary>How many pipelines of each model ended in which way: one row a model, however many pipelines there were.</summary>
public sealed class PipelineOutcomes(StorageConnection connection)
{
    // A bar is in no pipeline's id and no model's name.
    private const string Partition = "outcomes|";

    // The step that counts may be done again after a crash, which is soon: the newest ids are enough to know it by.
    private const int Remembered = 100;
    private readonly TableClient _table = connection.Table(StorageNames.PipelinesTable);

    /// <summary>The counts of all models, in order.</summary>
    public async Task<IReadOnlyList<OutcomeCount>> ReadAsync(CancellationToken cancellationToken)
    {
        List<OutcomeCount> counts = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(Partition, string.Empty, cancellationToken))
        {
            counts.AddRange(row.Read<Tally>().Counts.Select(count => new OutcomeCount(row.RowKey, count.Trigger, count.Status, count.Count)));
        }

        return counts;
    }

    /// <summary>Counts an outcome, once a pipeline.</summary>
    public async Task CountAsync(PipelineRecord pipeline, string status, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        while (true)
        {
            TableEntity? row = await _table.FindAsync(Partition, pipeline.Model, cancellationToken);
            Tally tally = row?.Read<Tally>() ?? new Tally([], []);
            if (tally.Newest.Contains(pipeline.Id))
            {
                return;
            }

            TableEntity next = TableExtensions.Row(Partition, pipeline.Model, tally.With(pipeline, status));
            if (row is null ? await _table.TryAddAsync(next, cancellationToken) : await _table.TryReplaceAsync(next, row.ETag, cancellationToken))
            {
                return;
            }
        }
    }

    private sealed record Tally(IReadOnlyList<OneCount> Counts, IReadOnlyList<string> Newest)
    {
        public Tally With(PipelineRecord pipeline, string status)
        {
            OneCount counted = Counts.FirstOrDefault(count => count.Trigger == pipeline.Trigger && count.Status == status) ?? new OneCount(pipeline.Trigger, status, 0);
            return new Tally(
                [.. Counts.Where(count => count != counted), counted with { Count = counted.Count + 1 }],
                [.. Newest.Skip(Math.Max(0, Newest.Count + 1 - Remembered)), pipeline.Id]);
        }
    }

    private sealed record OneCount(string Trigger, string Status, long Count);
}

/// <summary>Pipelines that ended in one way.</summary>
/// <param name="Model">The model.</param>
/// <param name="Trigger">What had started them.</param>
/// <param name="Status">How they ended.</param>
/// <param name="Count">How many.</param>
public sealed record OutcomeCount(string Model, string Trigger, string Status, long Count);
