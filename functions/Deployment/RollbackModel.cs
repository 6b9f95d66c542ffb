using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Core.Registry;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Deployment;

/// <summary><c>POST /api/models/{name}/rollback</c>: withdraws a running canary, or returns to the champion before (or to <c>toVersion</c>).</summary>
public sealed class RollbackModel(RegistryStore registry, ILogger<RollbackModel> logger)
{
    [Function(nameof(RollbackModel))]
    [RequireRole(Role.Approver)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/rollback")] HttpRequest request,
        string name,
        CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        RollbackRequest? body;
        (body, problem) = await ReadAsync(request, cancellationToken);
        if (body is null)
        {
            return problem;
        }

        if (!await registry.ExistsAsync(model.Value, cancellationToken))
        {
            return Api.UnknownModel(model);
        }

        // Decided once, on the traffic as it was when the request came: deciding again on what another request, or this one's own write with a
        // lost answer, made of it would roll back a second time.
        RegistryChange? applied = null;
        string? refusal = null;
        bool decided = false;
        ModelRecord record = await registry.CommitAsync(
            model.Value,
            request.Caller().Name,
            current =>
            {
                if (!decided)
                {
                    decided = true;
                    (applied, refusal) = RegistryRules.Rollback(current, body.ToVersion, body.Reason ?? "no reason given");
                    return applied;
                }

                return current.Traffic?.Revision == applied!.Traffic!.Revision - 1 ? applied : null;
            },
            cancellationToken);
        if (applied is null)
        {
            return Api.Conflict(refusal!);
        }

        if (record.Traffic is not { } traffic || traffic.Champion != applied.Traffic!.Champion || traffic.Challenger is not null)
        {
            return Api.Conflict($"The traffic changed meanwhile. Look at GET /api/models/{model} and ask again.");
        }

        Log.TrafficChanged(logger, model.Value, applied.Action, applied.Detail);
        return Api.Json(new { model = model.Value, champion = traffic.Champion, applied.Action, applied.Detail });
    }

    private static async Task<(RollbackRequest? Body, IResult Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0 or null && !request.Headers.TransferEncoding.Any(value => value == "chunked"))
        {
            return (new RollbackRequest(null, null), Results.Empty);
        }

        (JsonDocument? document, IResult problem) = await Api.ReadJsonAsync(request, 16 * 1024, cancellationToken);
        if (document is null)
        {
            return (null, problem);
        }

        using (document)
        {
            try
            {
                RollbackRequest? body = document.Deserialize<RollbackRequest>(Storage.StorageJson.Options);
                return body is null || body.Reason?.Length > 500
                    ? (null, Api.BadRequest("Expected {\"toVersion\": number (optional), \"reason\": text of at most 500 characters (optional)}."))
                    : (body, Results.Empty);
            }
            catch (JsonException)
            {
                return (null, Api.BadRequest("Expected {\"toVersion\": number (optional), \"reason\": text (optional)}."));
            }
        }
    }
}

/// <summary>What a rollback may say.</summary>
/// <param name="ToVersion">The version to return to; absent: the champion before.</param>
/// <param name="Reason">Why, for the ledger.</param>
public sealed record RollbackRequest(int? ToVersion, string? Reason);
