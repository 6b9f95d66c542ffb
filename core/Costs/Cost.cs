namespace Mlops.Core.Costs;

/// <summary>What a usage costs at list price, in the currency of the list; free grants left out.</summary>
/// <param name="Executions">Executions.</param>
/// <param name="InstanceTime">Time of instances.</param>
/// <param name="Operations">Requests to storage.</param>
/// <param name="Storage">Bytes kept.</param>
public sealed record Cost(double Executions, double InstanceTime, double Operations, double Storage)
{
    /// <summary>All of it.</summary>
    public double Total => Executions + InstanceTime + Operations + Storage;

    /// <summary>Prices a usage.</summary>
    /// <param name="prices">The list.</param>
    /// <param name="used">What was used.</param>
    /// <param name="gigabytesOfMemory">Memory of an instance, in GB.</param>
    /// <param name="gigabyteMonths">Blobs kept, in GB-months.</param>
    public static Cost Of(PriceList prices, Usage used, double gigabytesOfMemory, double gigabyteMonths)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(used);
        return new Cost(
            prices.Of(Meter.Executions, used.Executions),
            prices.Of(Meter.InstanceTime, used.InstanceSeconds * gigabytesOfMemory),
            OperationsOf(prices, used),
            prices.Of(Meter.BlobBytes, gigabyteMonths));
    }

    /// <summary>The price of the requests to storage.</summary>
    public static double OperationsOf(PriceList prices, Usage used)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(used);
        return prices.Of(Meter.BlobWrites, used.BlobWrites) + prices.Of(Meter.BlobLists, used.BlobLists) + prices.Of(Meter.BlobReads, used.BlobReads)
            + prices.Of(Meter.TableOperations, used.TableOperations) + prices.Of(Meter.QueueOperations, used.QueueOperations);
    }
}
