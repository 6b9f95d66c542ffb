using System.Globalization;
using Azure.Data.Tables;
using Mlops.Core.Statistics;

namespace Mlops.Storage.Monitoring;

/// <summary>Drift reports: the report as JSON and as a page, and a row that lists it, newest first.</summary>
public sealed class DriftStore(StorageConnection connection)
{
    private readonly BlobStore _blobs = new(connection.Container(StorageNames.Reports));
    private readonly TableClient _table = connection.Table(StorageNames.DriftTable);

    /// <summary>Stores a report.</summary>
    public async Task AddAsync(DriftSummary summary, DriftReport report, CancellationToken cancellationToken)
    {
        string folder = $"drift/{summary.Model}/{summary.Id}";
        await _blobs.WriteDocumentAsync($"{folder}.json", report.ToJson(), "application/json", cancellationToken);
        await _blobs.WriteDocumentAsync($"{folder}.html", report.ToHtml($"Drift of {summary.Model}, version {summary.Version}"), "text/html; charset=utf-8", cancellationToken);
        await WriteAsync(summary, cancellationToken);
    }

    /// <summary>Records that the event of a report was published.</summary>
    public Task MarkPublishedAsync(DriftSummary summary, CancellationToken cancellationToken) => WriteAsync(summary with { Published = true }, cancellationToken);

    /// <summary>The newest reports of a model.</summary>
    public async Task<IReadOnlyList<DriftSummary>> ListAsync(string model, int limit, CancellationToken cancellationToken)
    {
        List<DriftSummary> found = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(model, string.Empty, cancellationToken, Math.Min(limit, 1000)))
        {
            found.Add(row.Read<DriftSummary>());
            if (found.Count == limit)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>A report as JSON or as a page, or null when there is none.</summary>
    public Task<string?> FindReportAsync(string model, string id, bool html, CancellationToken cancellationToken) =>
        _blobs.TryReadTextAsync($"drift/{model}/{id}.{(html ? "html" : "json")}", cancellationToken);

    private Task WriteAsync(DriftSummary summary, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(
            TableExtensions.Row(summary.Model, string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.Ticks - summary.Time.UtcTicks:D19}"), summary),
            TableUpdateMode.Replace,
            cancellationToken);
}

/// <summary>What a list shows of a drift report.</summary>
/// <param name="Id">The report's id.</param>
/// <param name="Model">The model.</param>
/// <param name="Version">The version whose reference was compared.</param>
/// <param name="Time">When the window ended.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Rows">Predictions in the window.</param>
/// <param name="Summary">The result in one sentence.</param>
/// <param name="Published">Whether the event of a declared drift was published; true when there is none to publish.</param>
public sealed record DriftSummary(string Id, string Model, int Version, DateTimeOffset Time, DriftVerdict Verdict, int Rows, string Summary, bool Published);
