namespace Mlops.Storage;

/// <summary>Every container, queue and table of the data account, by name. infra/ makes the containers and queues; <see cref="StorageBootstrap"/> makes what is missing.</summary>
public static class StorageNames
{
    /// <summary>Where users put files: <c>data/{model}/…</c>.</summary>
    public const string Drop = "drop";

    /// <summary>Immutable files, manifests, profiles and contracts of dataset versions.</summary>
    public const string Datasets = "datasets";

    /// <summary>ONNX files, named by model and SHA-256, each beside the trained model it was exported from.</summary>
    public const string Models = "models";

    /// <summary>Artifacts of runs and pipelines.</summary>
    public const string Runs = "runs";

    /// <summary>The prediction log: append blobs by model and hour.</summary>
    public const string Predictions = "predictions";

    /// <summary>Drift reports.</summary>
    public const string Reports = "reports";

    /// <summary>Blocked batches with their reports.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>Anchors of the ledgers: the hash of each entry in the name of a blob, that an immutability policy can protect against everybody.</summary>
    public const string Ledger = "ledger";

    /// <summary>The blob index tag that the lifecycle rule of infra/ goes by.</summary>
    public const string RetentionTag = "retention";

    /// <summary>The value of <see cref="RetentionTag"/> on documents: kept for ten years.</summary>
    public const string DocumentRetention = "document";

    /// <summary>Queue of <c>Microsoft.Storage.BlobCreated</c> events of the drop container.</summary>
    public const string BlobEvents = "blob-events";

    /// <summary>Queue of the platform's own events, for example declared drift.</summary>
    public const string PlatformEvents = "platform-events";

    /// <summary>Queue of notifications on their way, one message for each address.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>One row per blob version that arrived.</summary>
    public const string ArrivalsTable = "Arrivals";

    /// <summary>One row per dataset version.</summary>
    public const string DatasetsTable = "Datasets";

    /// <summary>One row per run.</summary>
    public const string RunsTable = "Runs";

    /// <summary>One row per metric and step of a run.</summary>
    public const string MetricsTable = "Metrics";

    /// <summary>Versions, aliases, traffic and the ledger: one partition a model, so that every change and its ledger entry commit together.</summary>
    public const string RegistryTable = "Registry";

    /// <summary>One row per step of a pipeline.</summary>
    public const string PipelinesTable = "Pipelines";

    /// <summary>Requests, errors and latency by model version and minute.</summary>
    public const string TrafficTable = "Traffic";

    /// <summary>One row per labelled prediction.</summary>
    public const string FeedbackTable = "Feedback";

    /// <summary>One row per drift report.</summary>
    public const string DriftTable = "Drift";

    /// <summary>Governor state, requests and decisions.</summary>
    public const string RetrainingTable = "Retraining";

    /// <summary>Edges between dataset versions, runs, model versions and pipelines, both ways.</summary>
    public const string LineageTable = "Lineage";

    /// <summary>What was used, by month, model and day.</summary>
    public const string UsageTable = "Usage";

    /// <summary>API tokens by id, as salted hashes, and the ledger of who created and revoked them.</summary>
    public const string TokensTable = "Tokens";

    /// <summary>All containers.</summary>
    public static IReadOnlyList<string> Containers { get; } = [Drop, Datasets, Models, Runs, Predictions, Reports, Quarantine, Ledger];

    /// <summary>All queues.</summary>
    public static IReadOnlyList<string> Queues { get; } = [BlobEvents, PlatformEvents, Webhooks];

    /// <summary>All tables.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        ArrivalsTable, DatasetsTable, RunsTable, MetricsTable, RegistryTable, PipelinesTable,
        TrafficTable, FeedbackTable, DriftTable, RetrainingTable, LineageTable, UsageTable, TokensTable,
    ];
}
