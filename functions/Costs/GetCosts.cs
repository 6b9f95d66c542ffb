using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Costs;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Costs;

namespace Mlops.Functions.Costs;

/// <summary><c>GET /api/costs?month=yyyy-MM</c>: what each model used, and an estimate of what it cost; as a page with <c>format=html</c>. The present month without <c>month</c>.</summary>
public sealed class GetCosts(UsageStore store, UsageWriter writer, CostOptions options, TimeProvider time)
{
    [Function(nameof(GetCosts))]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/costs")] HttpRequest request, CancellationToken cancellationToken)
    {
        string month = request.Query["month"].ToString() is { Length: > 0 } asked ? asked : UsageStore.MonthOf(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        if (!DateOnly.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return Api.BadRequest("month: expected a month such as 2026-11.");
        }

        // What this instance has not written yet belongs to the answer.
        await writer.FlushAsync(cancellationToken);
        StoredBytes? bytes = await store.FindBytesAsync(cancellationToken);
        CostReport report = CostReport.Of(
            month, PriceList.Default, options.GigabytesOfMemory, await store.ReadAsync(month, cancellationToken), bytes?.ByModel ?? new Dictionary<string, long>(), options.TimerExecutions);
        return request.Query["format"] == "html" ? Api.Page(CostPage.Render(report)) : Api.Json(new { report, bytesMeasured = bytes?.Time, notMeasured = CostReport.NotMeasured });
    }
}
