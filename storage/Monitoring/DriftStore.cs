using System.Globalization;
using Azure.Data.Tables;
using Mlops.Core.Statistics;

namespace Mlops.Storage.Monitoring;

/// <summary>Drift reports: the report as JSON and as a page, and a row that lists it, newest first.</summary>
public sealed class DriftStore(StorageConnection connection)
{
    // Windows are made of predictions, and are kept as long as these.
    private readonly BlobStore _windows = new(connection.Container(StorageNames.Predictions));
    private readonly BlobStore _blobs = new(connection.Container(StorageNames.Reports));
    private readonly TableClient _table = connection.Table(StorageNames.DriftTable);

    /// <summary>Stores a report, and the profile of its window where later windows will want it.</summary>
    public async Task AddAsync(DriftSummary summary, DriftReport report, TableProfile? window, CancellationToken cancellationToken)
    {
        if (window is not null)
        {
            await _windows.WriteTextAsync(Window(summary), window.ToJson(), "application/json", cancellationToken);
        }

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

    /// <summary>The report whose window ended nearest to <paramref name="time"/>, at most <paramref name="tolerance"/> away; or null.</summary>
    public async Task<DriftSummary?> FindNearAsync(string model, DateTimeOffset time, TimeSpan tolerance, CancellationToken cancellationToken)
    {
        DriftSummary? nearest = null;
        (string from, string to) = (Row(time + tolerance), Row(time - tolerance));
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {model} and RowKey ge {from} and RowKey le {to}"), cancellationToken: cancellationToken))
        {
            DriftSummary found = row.Read<DriftSummary>();
            nearest = nearest is null || (found.Time - time).Duration() < (nearest.Time - time).Duration() ? found : nearest;
        }

        return nearest;
    }

    /// <summary>The profile of a report's window, or null when it was not kept or is gone with its predictions.</summary>
    public async Task<TableProfile?> FindWindowAsync(DriftSummary summary, CancellationToken cancellationToken) =>
        await _windows.TryReadTextAsync(Window(summary), cancellationToken) is { } json ? TableProfile.FromJson(json) : null;

    /// <summary>A report as JSON or as a page, or null when there is none.</summary>
    public Task<string?> FindReportAsync(string model, string id, bool html, CancellationToken cancellationToken) =>
        _blobs.TryReadTextAsync($"drift/{model}/{id}.{(html ? "html" : "json")}", cancellationToken);

    private Task WriteAsync(DriftSummary summary, CancellationToken cancellationToken) =>
        _table.UpsertEntityAsync(
            TableExtensions.Row(summary.Model, Row(summary.Time), summary),
            TableUpdateMode.Replace,
            cancellationToken);

    private static string Row(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.MaxValue.Ticks - time.UtcTicks:D19}");

    private static string Window(DriftSummary summary) => $"{summary.Model}/windows/{summary.Id}.json";
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
/// <param name="IsSeasonal">Whether the window was compared with others of its season.</param>
public sealed record DriftSummary(string Id, string Model, int Version, DateTimeOffset Time, DriftVerdict Verdict, int Rows, string Summary, bool Published, bool IsSeasonal = false);
