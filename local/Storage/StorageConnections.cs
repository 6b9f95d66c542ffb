using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Mlops.Local.Hosting;

namespace Mlops.Local.Storage;

/// <summary>Storage clients by the connection name of a binding: a connection string, or service addresses with an identity.</summary>
internal sealed class StorageConnections(AppSettings settings)
{
    /// <summary>The connection of bindings that name none, and of the host itself.</summary>
    public const string Default = "AzureWebJobsStorage";

    private readonly ConcurrentDictionary<string, BlobServiceClient> _blobs = new();
    private readonly ConcurrentDictionary<string, QueueServiceClient> _queues = new();

    /// <summary>Blob service of a connection.</summary>
    public BlobServiceClient Blobs(string? connection = null) => _blobs.GetOrAdd(connection ?? Default, name =>
        Create(name, "blob", text => new BlobServiceClient(text), (uri, credential) => new BlobServiceClient(uri, credential)));

    /// <summary>Queue service of a connection, with message texts as they are on the wire.</summary>
    public QueueServiceClient Queues(string? connection = null) => _queues.GetOrAdd(connection ?? Default, name =>
        Create(name, "queue", text => new QueueServiceClient(text), (uri, credential) => new QueueServiceClient(uri, credential)));

    private T Create<T>(string name, string service, Func<string, T> byText, Func<Uri, TokenCredential, T> byIdentity)
    {
        var section = settings.Connection(name)
            ?? throw new InvalidOperationException($"The storage connection '{name}' does not exist. Set '{name}' to a connection string, or '{name}__{service}ServiceUri' to the service's address.");
        if (section.Value is { Length: > 0 } text)
        {
            return byText(text);
        }

        var address = section[service + "ServiceUri"] ?? (section["accountName"] is { } account ? $"https://{account}.{service}.core.windows.net" : null)
            ?? throw new InvalidOperationException($"The storage connection '{name}' has neither a value nor '{name}__{service}ServiceUri' nor '{name}__accountName'.");
        return byIdentity(new Uri(address), new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] }));
    }
}
