using Azure.Core;
using Azure.Core.Pipeline;

namespace Mlops.Storage.Costs;

/// <summary>Counts the requests of a storage client, retries too: each is billed.</summary>
internal sealed class UsagePolicy(UsageMeter meter, StorageService service) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message) => meter.Count(Classify(service, message.Request.Method, message.Request.Uri.Query));

    /// <summary>As Azure classifies requests (<see href="https://learn.microsoft.com/azure/storage/blobs/map-rest-apis-transaction-categories"/>).</summary>
    internal static StorageRequest Classify(StorageService service, RequestMethod method, string query) => service switch
    {
        StorageService.Tables => StorageRequest.Table,
        StorageService.Queues => StorageRequest.Queue,
        _ when method == RequestMethod.Delete => StorageRequest.Free,
        _ when query.Contains("comp=list", StringComparison.Ordinal) => StorageRequest.BlobList,
        _ when query.Contains("restype=container", StringComparison.Ordinal) && method == RequestMethod.Put => StorageRequest.BlobList,
        _ when method == RequestMethod.Get || method == RequestMethod.Head => StorageRequest.BlobRead,
        _ => StorageRequest.BlobWrite,
    };
}

/// <summary>The services of a storage account that the app uses.</summary>
internal enum StorageService
{
    /// <summary>Blob storage.</summary>
    Blobs,

    /// <summary>Table storage.</summary>
    Tables,

    /// <summary>Queues.</summary>
    Queues,
}
