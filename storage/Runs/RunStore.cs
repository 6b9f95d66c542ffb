using System.Globalization;
using Azure.Data.Tables;
using Mlops.Core.Learning;

namespace Mlops.Storage.Runs;

/// <summary>Tracked runs: parameters and results as rows, metrics by step, artifacts as blobs. A run that is computed again writes the same rows again.</summary>
public sealed class RunStore(StorageConnection connection)
{
    private const string ChildPrefix = "child-";

    private readonly BlobStore _blobs = new(connection.Container(StorageNames.Runs));
    private readonly TableClient _runs = connection.Table(StorageNames.RunsTable);
    private readonly TableClient _metrics = connection.Table(StorageNames.MetricsTable);

    /// <summary>Writes a run's record, replacing an earlier state of the same run, and lists it under its parent run, else under its pipeline.</summary>
    public async Task WriteAsync(RunRecord run, CancellationToken cancellationToken)
    {
        await _runs.UpsertEntityAsync(TableExtensions.Row(run.Id, "run", run), TableUpdateMode.Replace, cancellationToken);
        await _runs.UpsertEntityAsync(TableExtensions.Row(run.Parent ?? run.Pipeline, ChildPrefix + run.Id, run), TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>The runs that a run, or a pipeline, is made of, in the order in which they started.</summary>
    public async Task<IReadOnlyList<RunRecord>> ReadChildrenAsync(string parent, CancellationToken cancellationToken)
    {
        List<RunRecord> children = [];
        await foreach (TableEntity row in _runs.WithPrefixAsync(parent, ChildPrefix, cancellationToken))
        {
            children.Add(row.Read<RunRecord>());
        }

        return [.. children.OrderBy(child => child.Started).ThenBy(child => child.Id, StringComparer.Ordinal)];
    }

    /// <summary>A run, or null when there is none of that id.</summary>
    public async Task<RunRecord?> FindAsync(string runId, CancellationToken cancellationToken) =>
        (await _runs.FindAsync(runId, "run", cancellationToken))?.Read<RunRecord>();

    /// <summary>Writes metric points (name, step, value) of a run, in transactions of 100.</summary>
    public async Task WriteMetricsAsync(string runId, IEnumerable<MetricPoint> points, CancellationToken cancellationToken)
    {
        IEnumerable<TableTransactionAction> actions = points
            .Where(point => double.IsFinite(point.Value))
            .DistinctBy(point => (point.Name, point.Step))
            .Select(point => new TableTransactionAction(
                TableTransactionActionType.UpsertReplace,
                new TableEntity(runId, string.Create(CultureInfo.InvariantCulture, $"{point.Name}|{point.Step:D8}")) { ["Name"] = point.Name, ["Step"] = point.Step, ["Value"] = point.Value }));
        foreach (TableTransactionAction[] batch in actions.Chunk(100))
        {
            await _metrics.SubmitTransactionAsync(batch, cancellationToken);
        }
    }

    /// <summary>All metric points of a run, by name and step.</summary>
    public async Task<IReadOnlyList<MetricPoint>> ReadMetricsAsync(string runId, CancellationToken cancellationToken)
    {
        List<MetricPoint> points = [];
        await foreach (TableEntity row in _metrics.WithPrefixAsync(runId, string.Empty, cancellationToken))
        {
            points.Add(new MetricPoint(row.GetString("Name"), row.GetInt32("Step") ?? 0, row.GetDouble("Value") ?? double.NaN));
        }

        return points;
    }

    /// <summary>Writes a JSON artifact; computing it again replaces it by the same content.</summary>
    public Task WriteArtifactAsync<T>(string name, T value, CancellationToken cancellationToken) =>
        _blobs.WriteTextAsync(name, System.Text.Json.JsonSerializer.Serialize(value, StorageJson.Options), "application/json", cancellationToken);

    /// <summary>Reads a JSON artifact.</summary>
    public Task<T> ReadArtifactAsync<T>(string name, CancellationToken cancellationToken) => _blobs.ReadJsonAsync<T>(name, cancellationToken);

    /// <summary>Reads a JSON artifact, or null when there is none.</summary>
    public async Task<T?> FindArtifactAsync<T>(string name, CancellationToken cancellationToken)
        where T : class =>
        await _blobs.TryReadAsync(name, cancellationToken) is { } content ? System.Text.Json.JsonSerializer.Deserialize<T>(content.ToMemory().Span, StorageJson.Options) : null;

    /// <summary>Reads a text artifact, or null when there is none.</summary>
    public Task<string?> FindArtifactTextAsync(string name, CancellationToken cancellationToken) => _blobs.TryReadTextAsync(name, cancellationToken);
}

/// <summary>One tracked training run.</summary>
public sealed record RunRecord
{
    /// <summary>The run's id: 32 hexadecimal digits, derived from pipeline and candidate.</summary>
    public required string Id { get; init; }

    /// <summary>The model it trains.</summary>
    public required string Model { get; init; }

    /// <summary>The pipeline it belongs to.</summary>
    public required string Pipeline { get; init; }

    /// <summary>running, finished or failed; a trial of a search also waiting (measured, the search decides whether it goes on) or pruned (others were better).</summary>
    public required string Status { get; init; }

    /// <summary>The run it is a part of: of a trial that of its search. Null when the pipeline itself is made of it.</summary>
    public string? Parent { get; init; }

    /// <summary>How often it went on from what an attempt that died had kept.</summary>
    public int Resumed { get; init; }

    /// <summary>The trainer's name.</summary>
    public required string Trainer { get; init; }

    /// <summary>The trainer's settings that differ from its defaults.</summary>
    public required IReadOnlyDictionary<string, double> Parameters { get; init; }

    /// <summary>Final metrics: cross-validated means, with standard errors as <c>{metric}.se</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>The dataset versions it saw.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    /// <summary>The seed of everything random in it.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The version of the platform's code.</summary>
    public required string Code { get; init; }

    /// <summary>Operating system, runtime and processor count.</summary>
    public required string Environment { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, or null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Blob names of its artifacts.</summary>
    public IReadOnlyList<string> Artifacts { get; init; } = [];
}
