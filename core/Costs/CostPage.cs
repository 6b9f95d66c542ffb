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
        th{font-weight:600;background:#f6f8fa}th:first-child,td:first-child{text-align:left}small{color:#57606a}
        @media(max-width:60rem){table{display:block;overflow-x:auto}}
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

            """);
        AppendTable(
            page,
            ["model", "executions", "GB-seconds", "blob writes", "lists", "reads", "table requests", "queue requests", "MB kept", $"{currency} at list price"],
            report.Models.Select(model => Row(model, report.GigabytesOfMemory)),
            "Nothing was used in this month.");
        page.Append(CultureInfo.InvariantCulture, $"""
            <p>Together {currency} {Money(report.ListPrice.Total)} at list price: executions {Money(report.ListPrice.Executions)}, instance time {Money(report.ListPrice.InstanceTime)}, requests to storage {Money(report.ListPrice.Operations)}, bytes {Money(report.ListPrice.Storage)}.
            {currency} <b>{Money(report.AfterFreeGrants)}</b> when nothing else in the subscription uses the monthly free grants.</p>
            <h2>When nobody uses it</h2>
            <p>{currency} <b>{Money(report.Idle.Total)}</b> a month: bytes {Money(report.Idle.Storage)}; timers fire {report.Idle.TimerExecutions:N0} times and take {report.Idle.GigabyteSeconds:N0} GB-seconds, {Money(report.Idle.TimersAfterGrants)} after the free grants ({Money(report.Idle.TimersAtListPrice)} without them); their requests to storage {(report.Idle.Operations is { } operations ? Money(operations) : "have not been measured yet")}.</p>
            <h2>Beside an endpoint that always runs</h2>

            """);
        AppendTable(
            page,
            ["model", "requests", $"{currency} per thousand", $"endpoint, {currency} a month", "cheaper here up to, requests a month"],
            report.Models.Where(model => model.BreakEven is not null).Select(model => Row(model.Model, model.BreakEven!)),
            "No model answered requests in this month.");
        page.Append(CultureInfo.InvariantCulture, $"<p><small>Endpoint: {Encode(report.Prices.Prices[Meter.EndpointHours].Source)}. Not in these numbers: {Encode(string.Join("; ", CostReport.NotMeasured))}.</small></p>\n</body></html>\n");
        return page.ToString();
    }

    private static string Row(ModelCost model, double gigabytes)
    {
        Usage used = model.Used;
        string name = model.Model.Length == 0 ? "<small>not told apart</small>" : Encode(model.Model);
        return string.Create(CultureInfo.InvariantCulture, $"<tr><td>{name}</td><td>{used.Executions:N0}</td><td>{used.InstanceSeconds * gigabytes:N1}</td><td>{used.BlobWrites:N0}</td><td>{used.BlobLists:N0}</td><td>{used.BlobReads:N0}</td><td>{used.TableOperations:N0}</td><td>{used.QueueOperations:N0}</td><td>{model.Bytes / 1048576.0:N1}</td><td>{Money(model.ListPrice.Total)}</td></tr>\n");
    }

    private static string Row(string model, BreakEven even) => string.Create(
        CultureInfo.InvariantCulture,
        $"<tr><td>{Encode(model)}</td><td>{even.Requests:N0}</td><td>{Money(even.PerThousand)}</td><td>{even.EndpointPerMonth:N2}</td><td>{even.RequestsPerMonth:N0}</td></tr>\n");

    private static void AppendTable(StringBuilder page, IReadOnlyList<string> head, IEnumerable<string> rows, string empty)
    {
        string body = string.Concat(rows);
        page.Append(body.Length == 0 ? $"<p>{empty}</p>\n" : $"<table><tr><th>{string.Join("</th><th>", head)}</th></tr>\n{body}</table>\n");
    }

    // Small amounts matter here: two digits that say something, never 0.00 for what is not nothing.
    private static string Money(double amount) => amount is 0 or >= 0.1 ? amount.ToString("N2", CultureInfo.InvariantCulture) : amount.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
