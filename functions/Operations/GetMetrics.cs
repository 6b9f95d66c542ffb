using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Functions.Access;

namespace Mlops.Functions.Operations;

/// <summary><c>GET /api/metrics</c>: the platform's counters in the text format of Prometheus, from what lies in storage.</summary>
public sealed class GetMetrics(PlatformState state)
{
    [Function(nameof(GetMetrics))]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/metrics")] HttpRequest request, CancellationToken cancellationToken) =>
        Results.Text(PrometheusText.Write(await state.ReadAsync(cancellationToken)), PrometheusText.ContentType);
}
