using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Core.Registry;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Registry;

/// <summary><c>GET /api/models/{name}/ledger/verification</c>: does the chain hold, and do the anchors agree with it?</summary>
public sealed class VerifyLedger(RegistryStore registry, LedgerAnchors anchors)
{
    [Function(nameof(VerifyLedger))]
    [RequireRole(Role.Reader)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/models/{name}/ledger/verification")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        // Anchors first: an entry that comes while this reads is then merely not anchored yet.
        IReadOnlyList<LedgerAnchor> anchored = await anchors.ListAsync(model.Value, cancellationToken);
        LedgerVerification verification = await VerifyAsync(model.Value, anchored, cancellationToken);
        if (!verification.Holds)
        {
            // A change between two reads looks like damage once; damage is still there on the second look.
            verification = await VerifyAsync(model.Value, anchored, cancellationToken);
        }

        return Api.Json(new { model = model.Value, verification.Holds, verification.Entries, verification.Head, verification.AnchoredTo, verification.Findings, anchors = anchored });
    }

    private async Task<LedgerVerification> VerifyAsync(string model, IReadOnlyList<LedgerAnchor> anchored, CancellationToken cancellationToken)
    {
        ModelRecord record = await registry.ReadAsync(model, cancellationToken);
        return LedgerVerification.Of(await registry.ReadLedgerAsync(model, cancellationToken), record.LedgerHead, anchored);
    }
}
