using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Arrival;
using Mlops.Storage.Pipelines;

namespace Mlops.Functions.Arrival;

/// <summary><c>POST /api/data/{model}?name=…</c>: for people without access to the storage account. The body is the file, streamed.</summary>
public sealed class UploadData(DropZone dropZone, ArrivalService arrivals, PipelineStore pipelines)
{
    [Function(nameof(UploadData))]
    [RequireRole(Role.Contributor)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/data/{model}")] HttpRequest request,
        string model,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (!Api.TryModel(model, out ModelName name, out IResult problem))
        {
            return problem;
        }

        if (!BatchPath.TryCreate(name, request.Query["name"], out BatchPath? path, out string? error))
        {
            return Api.BadRequest($"name: {error}");
        }

        try
        {
            string etag = await dropZone.WriteAsync(path.BlobName, request.Body, BatchLimits.Default.MaxBytes, cancellationToken);
            await pipelines.SetActorAsync(ArrivalService.PipelineIdFor(path, etag), request.Caller().Name, cancellationToken);
            string pipeline = await arrivals.StartAsync(client, path, etag, cancellationToken);
            return Api.Accepted($"/api/pipelines/{pipeline}", new { pipeline, file = path.BlobName, status = $"/api/pipelines/{pipeline}" });
        }
        catch (InvalidDataException exception)
        {
            return Api.Problem(StatusCodes.Status413PayloadTooLarge, "Content too large", exception.Message);
        }
    }
}
