using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Core.Retraining;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Registry;
using Mlops.Storage.Retraining;

namespace Mlops.Functions.Retraining;

/// <summary><c>POST /api/models/{name}/retrain</c> asks for retraining now; <c>GET</c> lists requests with the governor's answers.</summary>
public sealed class RequestRetraining(RetrainingService retraining, RetrainingStore store, RegistryStore registry, TimeProvider time)
{
    [Function(nameof(RequestRetraining))]
    [RequireRole(Role.Contributor)]
    public async Task<IResult> Post(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/retrain")] HttpRequest request,
        string name,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        if (!await registry.ExistsAsync(model.Value, cancellationToken))
        {
            return Api.UnknownModel(model);
        }

        RetrainingRequest asked = new(Guid.NewGuid().ToString("N"), model.Value, "manual", $"asked by {request.Caller().Name}", time.GetUtcNow(), request.Caller().Name);
        RetrainingDecision decision = await retraining.RequestAsync(client, asked, cancellationToken);
        return decision.Pipeline is { } pipeline ? Api.Accepted($"/api/pipelines/{pipeline}", decision) : Api.Conflict($"Not started: {decision.Reason}.");
    }

    [Function("ListRetraining")]
    [RequireRole(Role.Reader)]
    public async Task<IResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/models/{name}/retrain")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        IReadOnlyList<RetrainingDecision> found = await store.ListAsync(model.Value, 100, cancellationToken);
        return found.Count > 0 || await registry.ExistsAsync(model.Value, cancellationToken) ? Api.Json(found) : Api.UnknownModel(model);
    }
}
