namespace Mlops.Core.Costs;

/// <summary>Predictions here beside an endpoint that always runs.</summary>
/// <param name="Requests">Requests for predictions in the month.</param>
/// <param name="PerThousand">What a thousand of them cost at list price, as they came: requests that come alone are billed a second each, requests that come together share it.</param>
/// <param name="EndpointPerMonth">What the endpoint costs a month.</param>
/// <param name="RequestsPerMonth">With more requests a month than this the endpoint is cheaper, were they all like those of the month.</param>
public sealed record BreakEven(long Requests, double PerThousand, double EndpointPerMonth, double RequestsPerMonth)
{
    /// <summary>Compares; null without requests.</summary>
    public static BreakEven? Of(PriceList prices, double gigabytesOfMemory, Usage serving)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(serving);
        if (serving.Executions == 0)
        {
            return null;
        }

        double perRequest = Cost.Of(prices, serving, gigabytesOfMemory, 0).Total / serving.Executions;
        double endpoint = prices.Of(Meter.EndpointHours, CostReport.HoursPerMonth);
        return new BreakEven(serving.Executions, 1000 * perRequest, endpoint, endpoint / perRequest);
    }
}
