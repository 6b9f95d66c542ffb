using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Registry;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Registry;

/// <summary>Anchors the newest entry of every ledger. Each change anchors its own; this catches up where a process died in between.</summary>
public sealed class AnchorLedgers(RegistryStore registry, LedgerAnchors anchors)
{
    [Function(nameof(AnchorLedgers))]
    public async Task Run([TimerTrigger("0 35 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        foreach (string model in await registry.ListModelsAsync(cancellationToken))
        {
            if ((await registry.ReadAsync(model, cancellationToken)).LedgerHead is { } head)
            {
                await anchors.AddAsync(model, head, cancellationToken);
            }
        }
    }
}
