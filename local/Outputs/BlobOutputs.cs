using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.Outputs;

/// <summary>Blob outputs: the value replaces the blob; the container is made if it does not exist.</summary>
internal sealed class BlobOutputs(AppSettings settings, StorageConnections connections, IServiceProvider services) : IOutputWriter
{
    public bool Handles(OutputBindingAttribute attribute) => attribute is BlobOutputAttribute;

    public async Task WriteAsync(OutputBindingAttribute attribute, object value, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancellationToken)
    {
        var output = (BlobOutputAttribute)attribute;
        var path = BindingTemplate.Fill(settings.Resolve(output.BlobPath, "Blob output"), bindingData);
        if (path.Split('/', 2) is not [var containerName, { Length: > 0 } blob])
        {
            throw new FunctionWorkerException($"Blob output: the path is \"{path}\"; expected \"container/blob\".");
        }

        var container = connections.Blobs(output.Connection).GetBlobContainerClient(containerName);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await container.GetBlobClient(blob).UploadAsync(OutputContent.Of(value, WorkerSerializer.Of(services)), overwrite: true, cancellationToken);
    }
}
