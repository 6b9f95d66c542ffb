using Mlops.Core.Validation;

namespace Mlops.Storage.Datasets;

/// <summary>Blocked batches: the bytes as they came, and the report that says why.</summary>
public sealed class QuarantineStore(StorageConnection connection)
{
    private readonly BlobStore _blobs = new(connection.Container(StorageNames.Quarantine));

    /// <summary>Puts a batch aside with its report. Returns the folder of both.</summary>
    public async Task<string> AddAsync(string model, string pipelineId, string fileName, Stream? content, ValidationReport report, CancellationToken cancellationToken)
    {
        string folder = $"{model}/{pipelineId}";
        if (content is not null)
        {
            await _blobs.WriteOnceAsync($"{folder}/{fileName}", content, "application/octet-stream", cancellationToken);
        }

        await _blobs.WriteTextAsync($"{folder}/report.json", report.ToJson(), "application/json", cancellationToken);
        await _blobs.WriteTextAsync($"{folder}/report.html", report.ToHtml(), "text/html; charset=utf-8", cancellationToken);
        return folder;
    }

    /// <summary>The report of a blocked batch as JSON or as a page, or null when there is none.</summary>
    public Task<string?> FindReportAsync(string model, string pipelineId, bool html, CancellationToken cancellationToken) =>
        _blobs.TryReadTextAsync($"{model}/{pipelineId}/report.{(html ? "html" : "json")}", cancellationToken);
}
