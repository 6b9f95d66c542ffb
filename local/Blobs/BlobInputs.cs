using System.Reflection;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.Blobs;

/// <summary>Blob inputs: one blob by its path, or its container.</summary>
internal sealed class BlobInputs(AppSettings settings, StorageConnections connections) : IInputBinder
{
    public bool Handles(InputBindingAttribute attribute) => attribute is BlobInputAttribute;

    public async Task<object?> BindAsync(InputBindingAttribute attribute, ParameterInfo parameter, LocalFunctionContext context)
    {
        var input = (BlobInputAttribute)attribute;
        var path = BindingTemplate.Fill(settings.Resolve(input.BlobPath, $"Function '{context.Function.Name}'"), context.BindingContext.BindingData);
        var parts = path.Split('/', 2);
        var container = connections.Blobs(input.Connection).GetBlobContainerClient(parts[0]);
        try
        {
            return await BlobTargets.BindAsync(container, parts.ElementAtOrDefault(1) ?? "", parameter.ParameterType, WorkerSerializer.Of(context), context.CancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound || e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // As on the real host: what is not there is null.
            return null;
        }
    }
}
