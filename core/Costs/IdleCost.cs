namespace Mlops.Core.Costs;

/// <summary>What a month costs in which nobody uses the platform: bytes kept, and the timers.</summary>
/// <param name="TimerExecutions">How often timers fire, by their schedules.</param>
/// <param name="GigabyteSeconds">Their instance time: a second each, the least that is billed.</param>
/// <param name="TimersAtListPrice">Executions and time at list price.</param>
/// <param name="TimersAfterGrants">The same when nothing else in the subscription uses the free grants.</param>
/// <param name="Operations">Their requests to storage, by the mean of those measured; null while none were.</param>
/// <param name="Storage">Bytes kept.</param>
public sealed record IdleCost(double TimerExecutions, double GigabyteSeconds, double TimersAtListPrice, double TimersAfterGrants, double? Operations, double Storage)
{
    /// <summary>All of it, with free grants.</summary>
    public double Total => TimersAfterGrants + (Operations ?? 0) + Storage;

    /// <summary>Computes it.</summary>
    /// <param name="prices">The price list.</param>
    /// <param name="gigabytesOfMemory">Memory of an instance, in GB.</param>
    /// <param name="timers">What timers used while they were measured.</param>
    /// <param name="timerExecutions">How often they fire in a month.</param>
    /// <param name="gigabyteMonths">Blobs kept, in GB-months.</param>
    public static IdleCost Of(PriceList prices, double gigabytesOfMemory, Usage timers, double timerExecutions, double gigabyteMonths)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(timers);
        double gigabyteSeconds = timerExecutions * InstanceClock.Billed(0) * gigabytesOfMemory;
        return new IdleCost(
            timerExecutions,
            gigabyteSeconds,
            prices.Of(Meter.Executions, timerExecutions) + prices.Of(Meter.InstanceTime, gigabyteSeconds),
            prices.AfterGrant(Meter.Executions, timerExecutions) + prices.AfterGrant(Meter.InstanceTime, gigabyteSeconds),
            timers.Executions == 0 ? null : Cost.OperationsOf(prices, timers) / timers.Executions * timerExecutions,
            prices.Of(Meter.BlobBytes, gigabyteMonths));
    }
}
