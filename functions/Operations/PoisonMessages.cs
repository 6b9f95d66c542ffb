using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage;
using Mlops.Storage.Operations;

namespace Mlops.Functions.Operations;

/// <summary><c>GET /api/poison</c> shows messages that failed five times; <c>POST /api/poison/{queue}/requeue</c> puts up to 32 of them back.</summary>
public sealed class PoisonMessages(PoisonQueues queues)
{
    [Function("ListPoison")]
    [RequireRole(Role.Contributor)]
    public async Task<IResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/poison")] HttpRequest request, CancellationToken cancellationToken) =>
        Api.Json(await queues.PeekAsync(cancellationToken));

    [Function("RequeuePoison")]
    [RequireRole(Role.Contributor)]
    public async Task<IResult> Requeue([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/poison/{queue}/requeue")] HttpRequest request, string queue, CancellationToken cancellationToken) =>
        StorageNames.Queues.Contains(queue, StringComparer.Ordinal)
            ? Api.Json(new { queue, requeued = await queues.RequeueAsync(queue, cancellationToken) })
            : Api.NotFound($"There is no such queue; expected {string.Join(" or ", StorageNames.Queues)}.");
}
