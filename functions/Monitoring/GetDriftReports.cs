using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Monitoring;

/// <summary><c>GET /api/models/{name}/drift</c> lists drift reports; <c>GET /api/models/{name}/drift/{id}</c> is one as a page, or as JSON with <c>?format=json</c>.</summary>
public sealed class GetDriftReports(DriftStore reports, RegistryStore registry)
{
    [Function("ListDriftReports")]
    [RequireRole(Role.Reader)]
    public async Task<IResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/models/{name}/drift")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        IReadOnlyList<DriftSummary> found = await reports.ListAsync(model.Value, 100, cancellationToken);
        return found.Count > 0 || await registry.ExistsAsync(model.Value, cancellationToken) ? Api.Json(found) : Api.UnknownModel(model);
    }

    [Function("GetDriftReport")]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/models/{name}/drift/{id}")] HttpRequest request, string name, string id, CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        bool html = request.Query["format"] != "json";
        string? report = PipelineIds.IsValid(id) ? await reports.FindReportAsync(model.Value, id, html, cancellationToken) : null;
        return report is null
            ? Api.NotFound($"Model '{model}' has no drift report of that id. GET /api/models/{model}/drift lists them.")
            : html ? Api.Page(report) : Results.Content(report, "application/json");
    }
}
