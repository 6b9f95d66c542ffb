using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Mlops.Storage.Costs;

namespace Mlops.Storage;

/// <summary>
/// The clients of the data account, from the settings of the connection <c>MlopsStorage</c>: a connection string under that name, or
/// <c>MlopsStorage__blobServiceUri</c>, <c>__queueServiceUri</c> and <c>__tableServiceUri</c> with the managed identity.
/// </summary>
public sealed class StorageConnection
{
    /// <summary>The name of the connection in triggers and settings.</summary>
    public const string Name = "MlopsStorage";

    private readonly BlobServiceClient _blobs;
    private readonly TableServiceClient _tables;
    private readonly QueueServiceClient _queues;
    private readonly QueueServiceClient _rawQueues;

    /// <summary>Opens nothing yet: the clients connect on first use.</summary>
    /// <param name="setting">Reads one setting by name (as environment variables spell it, with double underscores), null when absent.</param>
    /// <param name="usage">Counts the requests; null: into a meter that nobody reads.</param>
    /// <param name="name">The name of the connection; the data account's by default.</param>
    /// <param name="retries">Whether a request that failed is tried again; without, a failure is known at once.</param>
    /// <exception cref="InvalidOperationException">Neither form of the connection is set.</exception>
    public StorageConnection(Func<string, string?> setting, UsageMeter? usage = null, string name = Name, bool retries = true)
    {
        ArgumentNullException.ThrowIfNull(setting);
        Usage = usage ?? new UsageMeter(TimeProvider.System);
        BlobClientOptions blobOptions = new();
        TableClientOptions tableOptions = new();
        QueueClientOptions queueOptions = new() { MessageEncoding = QueueMessageEncoding.Base64 };
        blobOptions.AddPolicy(new UsagePolicy(Usage, StorageService.Blobs), HttpPipelinePosition.PerRetry);
        tableOptions.AddPolicy(new UsagePolicy(Usage, StorageService.Tables), HttpPipelinePosition.PerRetry);
        QueueClientOptions rawOptions = new();
        rawOptions.AddPolicy(new UsagePolicy(Usage, StorageService.Queues), HttpPipelinePosition.PerRetry);
        queueOptions.AddPolicy(new UsagePolicy(Usage, StorageService.Queues), HttpPipelinePosition.PerRetry);
        if (!retries)
        {
            blobOptions.Retry.MaxRetries = tableOptions.Retry.MaxRetries = queueOptions.Retry.MaxRetries = rawOptions.Retry.MaxRetries = 0;
        }

        if (setting(name) is { Length: > 0 } connectionString)
        {
            _blobs = new BlobServiceClient(connectionString, blobOptions);
            _tables = new TableServiceClient(connectionString, tableOptions);
            _queues = new QueueServiceClient(connectionString, queueOptions);
            _rawQueues = new QueueServiceClient(connectionString, rawOptions);
            return;
        }

        TokenCredential credential = Credential(setting($"{name}__clientId") ?? setting("AZURE_CLIENT_ID"));
        _blobs = new BlobServiceClient(Service("blobServiceUri"), credential, blobOptions);
        _tables = new TableServiceClient(Service("tableServiceUri"), credential, tableOptions);
        _queues = new QueueServiceClient(Service("queueServiceUri"), credential, queueOptions);
        _rawQueues = new QueueServiceClient(Service("queueServiceUri"), credential, rawOptions);

        Uri Service(string service) => setting($"{name}__{service}") is { Length: > 0 } uri
            ? new Uri(uri)
            : throw new InvalidOperationException(
                $"The setting '{name}__{service}' is missing. Expected either a connection string in '{name}' or the three service URIs of the account; infra/ sets them, and scripts/run.sh does locally.");
    }

    /// <summary>Counts the requests of these clients.</summary>
    public UsageMeter Usage { get; }

    /// <summary>The identity of the app: the user-assigned one of <paramref name="clientId"/>, else what the machine offers.</summary>
    public static TokenCredential Credential(string? clientId) =>
        new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId });

    internal BlobContainerClient Container(string name) => _blobs.GetBlobContainerClient(name);

    internal TableClient Table(string name) => _tables.GetTableClient(name);

    internal QueueClient Queue(string name) => _queues.GetQueueClient(name);

    /// <summary>A queue whose messages are taken as they are, decoded by nobody: what cannot be decoded can still be looked at and moved.</summary>
    internal QueueClient RawQueue(string name) => _rawQueues.GetQueueClient(name);
}
