using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Registry;
using Mlops.Functions.Hosting;
using Mlops.Storage;
using Mlops.Storage.Access;

namespace Mlops.Functions.Access;

/// <summary>
/// API tokens: <c>POST /api/tokens</c> creates one and shows it once, <c>GET</c> lists them with their ledger, <c>DELETE /api/tokens/{id}</c>
/// revokes one. <c>POST /api/tokens/by-key</c> is for the first: it asks for the master key of the Functions host instead of a token.
/// </summary>
public sealed class Tokens(TokenStore store, TokenVerifier verifier)
{
    private const int MaximumBody = 16 * 1024;
    private const int MaximumDays = 366;
    private const int DefaultDays = 90;

    private static readonly string Expected = string.Create(
        CultureInfo.InvariantCulture,
        $"Expected {{\"name\": what it is for (1 to 100 printable characters), \"role\": one of {string.Join(", ", RoleNames.All)}, \"models\": patterns (optional, [\"*\"]), \"expiresInDays\": 1 to {MaximumDays} (optional, {DefaultDays})}}.");

    [Function("CreateToken")]
    [RequireRole(Role.Admin)]
    public Task<IResult> Create([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/tokens")] HttpRequest request, CancellationToken cancellationToken) =>
        CreateAsync(request, request.Caller().Name, cancellationToken);

    [Function("CreateTokenByKey")]
    [RequireRole(Role.None)]
    public Task<IResult> CreateByKey([HttpTrigger(AuthorizationLevel.Admin, "post", Route = "api/tokens/by-key")] HttpRequest request, CancellationToken cancellationToken) =>
        CreateAsync(request, "master key", cancellationToken);

    [Function("ListTokens")]
    [RequireRole(Role.Admin)]
    public async Task<IResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/tokens")] HttpRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerEntry> ledger = await store.ReadLedgerAsync(cancellationToken);
        return Api.Json(new { tokens = await store.ListAsync(cancellationToken), ledger, brokenAt = LedgerEntry.FindBreak(ledger) });
    }

    [Function("RevokeToken")]
    [RequireRole(Role.Admin)]
    public async Task<IResult> Revoke([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/tokens/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        TokenRecord? revoked = id.Length == AccessToken.IdBytes * 2 && id.All(char.IsAsciiHexDigitLower) ? await store.RevokeAsync(id, request.Caller().Name, cancellationToken) : null;
        if (revoked is null)
        {
            return Api.NotFound("There is no token of that id. GET /api/tokens lists them; the id is the part between the two underscores.");
        }

        verifier.Revoke(id);
        return Api.Json(revoked);
    }

    private async Task<IResult> CreateAsync(HttpRequest request, string actor, CancellationToken cancellationToken)
    {
        (JsonDocument? document, IResult problem) = await Api.ReadJsonAsync(request, MaximumBody, cancellationToken);
        if (document is null)
        {
            return problem;
        }

        using (document)
        {
            if (Read(document) is not { } asked)
            {
                return Api.BadRequest(Expected);
            }

            if (!ModelScope.TryParse(asked.Models ?? ["*"], out ModelScope? models, out string? error))
            {
                return Api.BadRequest($"models: {error}");
            }

            RoleNames.TryParse(asked.Role, out Role role);
            if (await store.CreateAsync(asked.Name!, role, models, TimeSpan.FromDays(asked.ExpiresInDays ?? DefaultDays), actor, cancellationToken) is not { } created)
            {
                return Api.Conflict($"There are {TokenStore.MaximumTokens} valid tokens. Revoke those that nobody uses; GET /api/tokens shows when each was last used.");
            }

            verifier.Created();
            return Api.WithHeader("Cache-Control", "no-store", Api.Json(new { secret = created.Secret.Reveal(), token = created.Token }, StatusCodes.Status201Created));
        }
    }

    private static TokenRequest? Read(JsonDocument document)
    {
        try
        {
            return document.Deserialize<TokenRequest>(StorageJson.Options) is { } asked
                && asked.Name is { Length: > 0 and <= 100 } name && !name.Any(char.IsControl) && !string.IsNullOrWhiteSpace(name)
                && RoleNames.TryParse(asked.Role, out _)
                && asked.ExpiresInDays is null or (>= 1 and <= MaximumDays)
                ? asked
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record TokenRequest(string? Name, string? Role, IReadOnlyList<string>? Models, int? ExpiresInDays);
}
