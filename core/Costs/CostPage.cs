using System.Globalization;
using System.Net;
using System.Text;

namespace Mlops.Core.Costs;

/// <summary>Writes a cost report as a page.</summary>
public static class CostPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}th,td{text-align:right;padding:.35rem .6rem;border-bottom:1px solid #d8dee4;font-variant-numeric:tabular-nums}
        th{font-weight:600;background:#f6f8fa}th:first-child,td:first-child{text-align:left;overflow-wrap:anywhere}small{color:#57606a}
        @media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}th{background:#161b22}th,td{border-color:#30363d}small{color:#8b949e}}
        """;

    /// <summary>The page: self-contained, without scripts.</summary>
    public static string Render(CostReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string currency = Encode(report.Prices.Currency);
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Costs of {Encode(report.Month)}</title><style>{Style}</style></head><body>
            <h1>Costs of {Encode(report.Month)}</h1>
            <p>Counts are measured; money is estimated from them by list prices of {Encode(report.Prices.Region)} as of {report.Prices.Date:yyyy-MM-dd}. {Encode(report.Prices.Note)}</p>
            <table><tr><th>model</th><th>executions</th><th>GB-seconds</th><th>blob writes</th><th>lists</th><th>reads</th><th>table requests</th><th>queue requests</th><th>MB kept</th><th>{currency} at list price</th></tr>

            """);
        foreach (ModelCost model in report.Models)
        {
            Usage used = model.Used;
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{(model.Model.Length == 0 ? "<small>not told apart</small>" : Encode(model.Model))}</td><td>{used.Executions:N0}</td><td>{used.InstanceSeconds * report.GigabytesOfMemory:N1}</td><td>{used.BlobWrites:N0}</td><td>{used.BlobLists:N0}</td><td>{used.BlobReads:N0}</td><td>{used.TableOperations:N0}</td><td>{used.QueueOperations:N0}</td><td>{model.Bytes / 1048576.0:N1}</td><td>{Money(model.ListPrice.Total)}</td></tr>\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"""
            </table>
            <p>Together {currency} {Money(report.ListPrice.Total)} at list price: executions {Money(report.ListPrice.Executions)}, instance time {Money(report.ListPrice.InstanceTime)}, requests to storage {Money(report.ListPrice.Operations)}, bytes {Money(report.ListPrice.Storage)}.
            {currency} <b>{Money(report.AfterFreeGrants)}</b> when nothing else in the subscription uses the monthly free grants.</p>
            <h2>When nobody uses it</h2>
            <p>{currency} <b>{Money(report.Idle.Total)}</b> a month: bytes {Money(report.Idle.Storage)}; timers fire {report.Idle.TimerExecutions:N0} times and take {report.Idle.GigabyteSeconds:N0} GB-seconds, {Money(report.Idle.TimersAfterGrants)} after the free grants ({Money(report.Idle.TimersAtListPrice)} without them); their requests to storage {(report.Idle.Operations is { } operations ? Money(operations) : "have not been measured yet")}.</p>
            <h2>Beside an endpoint that always runs</h2>
            <table><tr><th>model</th><th>requests</th><th>{currency} per thousand</th><th>endpoint, {currency} a month</th><th>cheaper here up to, requests a month</th></tr>

            """);
        foreach (ModelCost model in report.Models)
        {
            if (model.BreakEven is { } even)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Encode(model.Model)}</td><td>{even.Requests:N0}</td><td>{Money(even.PerThousand)}</td><td>{even.EndpointPerMonth:N2}</td><td>{even.RequestsPerMonth:N0}</td></tr>\n");
            }
        }

        page.Append(CultureInfo.InvariantCulture, $"</table>\n<p><small>Endpoint: {Encode(report.Prices.Prices[Meter.EndpointHours].Source)}. Not in these numbers: {Encode(string.Join("; ", CostReport.NotMeasured))}.</small></p>\n</body></html>\n");
        return page.ToString();
    }

    // Small amounts matter here: two digits that say something, never 0.00 for what is not nothing.
    private static string Money(double amount) => amount is 0 or >= 0.1 ? amount.ToString("N2", CultureInfo.InvariantCulture) : amount.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
