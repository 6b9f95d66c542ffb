namespace Mlops.Core.Costs;

/// <summary>What each model used in a month, what that costs, and what would be paid if nobody used the platform.</summary>
/// <remarks>Measured: executions, instance time, requests of the app to storage, bytes of blobs. Estimated: every amount of money. Not in it: <see cref="NotMeasured"/>.</remarks>
/// <param name="Month">The month, as <c>yyyy-MM</c>.</param>
/// <param name="Prices">The price list.</param>
/// <param name="GigabytesOfMemory">Memory of an instance, in GB.</param>
/// <param name="Models">By model; the empty name is what cannot be told apart: timers, queues, pages.</param>
/// <param name="ListPrice">The sum at list price.</param>
/// <param name="AfterFreeGrants">The same when nothing else in the subscription uses the free grants.</param>
/// <param name="Idle">What a month costs in which nobody uses the platform.</param>
public sealed record CostReport(string Month, PriceList Prices, double GigabytesOfMemory, IReadOnlyList<ModelCost> Models, Cost ListPrice, double AfterFreeGrants, IdleCost Idle)
{
    /// <summary>Hours that an always-on endpoint is billed in a month.</summary>
    public const double HoursPerMonth = 730;

    private const double BytesPerGigabyte = 1L << 30;

    /// <summary>What the report leaves out.</summary>
    public static IReadOnlyList<string> NotMeasured { get; } =
    [
        "bytes of tables and queues, previous versions and soft-deleted blobs",
        "requests of the Functions host and of Durable Functions to their own account",
        "Event Grid, telemetry (Log Analytics), network traffic",
        "options with a fixed price (docs/deployment.md)",
    ];

    /// <summary>Computes a report.</summary>
    /// <param name="month">The month.</param>
    /// <param name="prices">The price list.</param>
    /// <param name="gigabytesOfMemory">Memory of an instance, in GB.</param>
    /// <param name="rows">What was used in the month.</param>
    /// <param name="bytes">Bytes of blobs by model, as last measured.</param>
    /// <param name="timerExecutions">How often timers fire in a month, by their schedules.</param>
    public static CostReport Of(string month, PriceList prices, double gigabytesOfMemory, IReadOnlyCollection<UsageRow> rows, IReadOnlyDictionary<string, long> bytes, double timerExecutions)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(bytes);
        ModelCost[] models =
        [
            .. from name in rows.Select(row => row.Model).Union(bytes.Keys).Order(StringComparer.Ordinal)
               let used = Sum(rows.Where(row => row.Model == name))
               let kept = bytes.GetValueOrDefault(name)
               select new ModelCost(name, used, kept, Cost.Of(prices, used, gigabytesOfMemory, kept / BytesPerGigabyte), BreakEven.Of(prices, gigabytesOfMemory, Sum(rows.Where(row => row.Model == name && row.Kind == UsageKind.Serving)))),
        ];
        Usage total = Sum(rows);
        double gigabyteMonths = bytes.Values.Sum() / BytesPerGigabyte;
        Cost listPrice = Cost.Of(prices, total, gigabytesOfMemory, gigabyteMonths);
        double afterGrants = prices.AfterGrant(Meter.Executions, total.Executions) + prices.AfterGrant(Meter.InstanceTime, total.InstanceSeconds * gigabytesOfMemory) + listPrice.Operations + listPrice.Storage;
        return new CostReport(month, prices, gigabytesOfMemory, models, listPrice, afterGrants, IdleCost.Of(prices, gigabytesOfMemory, Sum(rows.Where(row => row.Kind == UsageKind.Timers)), timerExecutions, gigabyteMonths));
    }

    private static Usage Sum(IEnumerable<UsageRow> rows) => rows.Aggregate(Usage.None, (sum, row) => sum + row.Used);
}

/// <summary>What one model used and what it costs.</summary>
/// <param name="Model">The model; empty: what cannot be told apart.</param>
/// <param name="Used">What was used.</param>
/// <param name="Bytes">Bytes of its blobs, as last measured.</param>
/// <param name="ListPrice">What that costs at list price.</param>
/// <param name="BreakEven">Its predictions beside an always-on endpoint; null without predictions.</param>
public sealed record ModelCost(string Model, Usage Used, long Bytes, Cost ListPrice, BreakEven? BreakEven);
