using Microsoft.Azure.Functions.Worker;
using Mlops.Storage.Inference;

namespace Mlops.Functions.Operations;

/// <summary>Adds the traffic of closed hours to the totals of the versions.</summary>
public sealed class SumTraffic(TrafficTotals totals, TimeProvider time)
{
    [Function(nameof(SumTraffic))]
    public Task Run([TimerTrigger("0 10 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => totals.FoldAsync(time.GetUtcNow(), cancellationToken);
}
