using System.Globalization;
using Mlops.Core.Pages;

namespace Mlops.Core.Costs;

/// <summary>Writes a cost report as a page.</summary>
public static class CostPage
{
    /// <summary>The page: self-contained, without scripts.</summary>
    public static string Render(CostReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string currency = report.Prices.Currency;
        HtmlWriter page = new($"Costs of {report.Month}");
        page.Append($"<p>Counts are measured; money is estimated from them by list prices of {report.Prices.Region} as of {report.Prices.Date:yyyy-MM-dd}. {report.Prices.Note}</p>\n");
        if (report.Models.Count == 0)
        {
            page.Append($"<p>Nothing was used in this month.</p>\n");
        }
        else
        {
            page.Head("model", "#executions", "#GB-seconds", "#blob writes", "#lists", "#reads", "#table requests", "#queue requests", "#MB kept", $"#{currency} at list price");
            foreach (ModelCost model in report.Models)
            {
                Append(page, model, report.GigabytesOfMemory);
            }

            page.Append($"</table>\n");
        }

        page.Append($"""
            <p>Together {currency} {Money(report.ListPrice.Total)} at list price: executions {Money(report.ListPrice.Executions)}, instance time {Money(report.ListPrice.InstanceTime)}, requests to storage {Money(report.ListPrice.Operations)}, bytes {Money(report.ListPrice.Storage)}.
            {currency} <b>{Money(report.AfterFreeGrants)}</b> when nothing else in the subscription uses the monthly free grants.</p>
            <h2>When nobody uses it</h2>
            <p>{currency} <b>{Money(report.Idle.Total)}</b> a month: bytes {Money(report.Idle.Storage)}; timers fire {report.Idle.TimerExecutions:N0} times and take {report.Idle.GigabyteSeconds:N0} GB-seconds, {Money(report.Idle.TimersAfterGrants)} after the free grants ({Money(report.Idle.TimersAtListPrice)} without them); their requests to storage {(report.Idle.Operations is { } operations ? Money(operations) : "have not been measured yet")}.</p>
            <h2>Beside an endpoint that always runs</h2>

            """);
        ModelCost[] served = [.. report.Models.Where(model => model.BreakEven is not null)];
        if (served.Length == 0)
        {
            page.Append($"<p>No model answered requests in this month.</p>\n");
        }
        else
        {
            page.Head("model", "#requests", $"#{currency} per thousand", $"#endpoint, {currency} a month", "#cheaper here up to, requests a month");
            foreach (ModelCost model in served)
            {
                BreakEven even = model.BreakEven!;
                page.Append($"<tr><td>{model.Model}</td><td class=\"n\">{even.Requests:N0}</td><td class=\"n\">{Money(even.PerThousand)}</td><td class=\"n\">{even.EndpointPerMonth:N2}</td><td class=\"n\">{even.RequestsPerMonth:N0}</td></tr>\n");
            }

            page.Append($"</table>\n");
        }

        return page
            .Append($"<p><small>Endpoint: {report.Prices.Prices[Meter.EndpointHours].Source}. Not in these numbers: {string.Join("; ", CostReport.NotMeasured)}.</small></p>\n")
            .Close();
    }

    private static void Append(HtmlWriter page, ModelCost model, double gigabytes)
    {
        Usage used = model.Used;
        page.Append($"<tr><td>");
        if (model.Model.Length == 0)
        {
            page.Append($"<small>not told apart</small>");
        }
        else
        {
            page.Append($"{model.Model}");
        }

        page.Append($"</td><td class=\"n\">{used.Executions:N0}</td><td class=\"n\">{used.InstanceSeconds * gigabytes:N1}</td><td class=\"n\">{used.BlobWrites:N0}</td><td class=\"n\">{used.BlobLists:N0}</td>")
            .Append($"<td class=\"n\">{used.BlobReads:N0}</td><td class=\"n\">{used.TableOperations:N0}</td><td class=\"n\">{used.QueueOperations:N0}</td><td class=\"n\">{model.Bytes / 1048576.0:N1}</td><td class=\"n\">{Money(model.ListPrice.Total)}</td></tr>\n");
    }

    // Small amounts matter here: two digits that say something, never 0.00 for what is not nothing.
    private static string Money(double amount) => amount is 0 or >= 0.1 ? amount.ToString("N2", CultureInfo.InvariantCulture) : amount.ToString("0.######", CultureInfo.InvariantCulture);
}
