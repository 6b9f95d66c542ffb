using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Datasets;

namespace Mlops.Functions.Validation;

/// <summary><c>GET /api/quarantine/{model}/{pipeline}</c>: why a batch was blocked, as a page, or as JSON with <c>?format=json</c>.</summary>
public sealed class GetQuarantineReport(QuarantineStore quarantine)
{
    [Function(nameof(GetQuarantineReport))]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/quarantine/{model}/{pipeline}")] HttpRequest request,
        string model,
        string pipeline,
        CancellationToken cancellationToken)
    {
        if (!Api.TryModel(model, out ModelName name, out IResult problem))
        {
            return problem;
        }

        bool html = request.Query["format"] != "json";
        string? report = PipelineIds.IsValid(pipeline) ? await quarantine.FindReportAsync(name.Value, pipeline, html, cancellationToken) : null;
        return report is null
            ? Api.NotFound($"Model '{name}' has no blocked batch of that pipeline. GET /api/models/{name} lists its pipelines.")
            : html ? Api.Page(report) : Results.Content(report, "application/json");
    }
}
