using System.Globalization;
using System.Text.Json;

namespace Mlops.Cli;

/// <summary><c>cost</c>: what each model used in a month, and an estimate of what it cost.</summary>
internal static class ShowCosts
{
    /// <summary>One line a model, and the sums; nothing fails.</summary>
    public static async Task<CheckReport> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        using HttpClient client = Endpoint.Client(arguments.Operands(1)[0]);
        string query = arguments.Option("month") is { } month ? $"?month={Uri.EscapeDataString(month)}" : string.Empty;
        using JsonDocument document = JsonDocument.Parse(await client.GetStringAsync($"api/costs{query}", cancellationToken));
        JsonElement costs = document.RootElement.GetProperty("report");
        JsonElement prices = costs.GetProperty("prices");
        string currency = prices.GetProperty("currency").GetString()!;
        CheckReport report = new("mlops cost");
        foreach (JsonElement model in costs.GetProperty("models").EnumerateArray())
        {
            JsonElement used = model.GetProperty("used");
            string detail = string.Create(
                CultureInfo.InvariantCulture,
                $"{used.GetProperty("executions").GetInt64()} executions, {used.GetProperty("instanceSeconds").GetDouble():0.#} s, {model.GetProperty("bytes").GetInt64() / 1048576.0:0.#} MB; {Money(model.GetProperty("listPrice"), "total")} {currency} at list price");
            if (model.TryGetProperty("breakEven", out JsonElement even) && even.ValueKind == JsonValueKind.Object)
            {
                detail += string.Create(CultureInfo.InvariantCulture, $"\n  predictions: {Money(even, "perThousand")} {currency} per thousand; an endpoint that always runs is cheaper above {even.GetProperty("requestsPerMonth").GetDouble():0} a month");
            }

            report.Add(model.GetProperty("model").GetString() is { Length: > 0 } name ? name : "(not told apart)", detail, null);
        }

        report.Add(
            costs.GetProperty("month").GetString()!,
            $"{Money(costs.GetProperty("listPrice"), "total")} {currency} at list price, {Money(costs, "afterFreeGrants")} after the free grants; a month without use costs {Money(costs.GetProperty("idle"), "total")}\n"
            + $"Estimated by prices of {prices.GetProperty("region").GetString()}, {prices.GetProperty("date").GetString()}. Not in it: {string.Join("; ", document.RootElement.GetProperty("notMeasured").EnumerateArray().Select(item => item.GetString()))}.",
            null);
        return report;
    }

    private static string Money(JsonElement element, string name) => element.GetProperty(name).GetDouble().ToString("0.####", CultureInfo.InvariantCulture);
}
