using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Mlops.Core.Access;
using Mlops.Core.Registry;

namespace Mlops.Storage.Access;

/// <summary>
/// The API tokens and their ledger: one table partition, with a head row that every creation and revocation replaces by its ETag, so that none
/// is ever without its entry. The secrets are not here, only their salted hashes.
/// </summary>
public sealed class TokenStore(StorageConnection connection, TimeProvider time)
{
    /// <summary>Tokens kept at most, revoked and expired ones included; the oldest of those make room.</summary>
    public const int MaximumTokens = 1000;

    private const int MaximumAttempts = 30;
    private const string Partition = "tokens";
    private const string LastUsed = "LastUsed";
    private readonly TableClient _table = connection.Table(StorageNames.TokensTable);

    /// <summary>Creates a token.</summary>
    /// <param name="name">What it is for, 1 to 100 printable characters.</param>
    /// <param name="role">What its bearer may do.</param>
    /// <param name="models">The models that its bearer reaches.</param>
    /// <param name="lifetime">How long it is good for.</param>
    /// <param name="actor">Who asks, for the ledger.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The token itself, which nobody can ask for again, and what is kept of it; null when <see cref="MaximumTokens"/> valid tokens exist.</returns>
    public async Task<(AccessToken Secret, TokenRecord Token)?> CreateAsync(string name, Role role, ModelScope models, TimeSpan lifetime, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (!await MakeRoomAsync(cancellationToken))
        {
            return null;
        }

        AccessToken secret = AccessToken.Of(RandomNumberGenerator.GetBytes(AccessToken.IdBytes + AccessToken.SecretBytes));
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        DateTimeOffset now = time.GetUtcNow();
        TokenRecord token = new() { Id = secret.Id, Name = name, Role = role, Models = models.Patterns, Created = now, CreatedBy = actor, Expires = now + lifetime };
        string detail = string.Create(CultureInfo.InvariantCulture, $"token {token.Id} ({name}): role {RoleNames.Of(role)}, models {models}, until {token.Expires:yyyy-MM-dd HH:mm} UTC");
        await CommitAsync(actor, "create", detail, new(TableTransactionActionType.Add, Row(new KeptToken(token, salt, secret.Hash(salt)))), cancellationToken);
        return (secret, token);
    }

    /// <summary>A token by its id, or null.</summary>
    public async Task<KeptToken?> FindAsync(string id, CancellationToken cancellationToken) => await _table.FindAsync(Partition, Key(id), cancellationToken) is { } row ? Read(row) : null;

    /// <summary>All tokens, newest first.</summary>
    public async Task<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ListKeptAsync(cancellationToken)).Select(kept => kept.Token).OrderByDescending(token => token.Created).ThenBy(token => token.Id, StringComparer.Ordinal)];

    /// <summary>All tokens with what they are recognised by, by id: one request to storage.</summary>
    public async Task<IReadOnlyList<KeptToken>> ListKeptAsync(CancellationToken cancellationToken)
    {
        List<KeptToken> tokens = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(Partition, "token-", cancellationToken))
        {
            tokens.Add(Read(row));
        }

        return tokens;
    }

    /// <summary>Revokes a token; revoking it again changes nothing.</summary>
    /// <returns>The token as it is then, or null when there is none of that id.</returns>
    public async Task<TokenRecord?> RevokeAsync(string id, string actor, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } kept)
        {
            return null;
        }

        if (kept.Token.Revoked is not null)
        {
            return kept.Token;
        }

        TokenRecord revoked = kept.Token with { Revoked = time.GetUtcNow(), RevokedBy = actor };

        // Merged, because the last use is written beside without looking; the head guards everything else.
        await CommitAsync(actor, "revoke", $"token {id} ({kept.Token.Name})", new(TableTransactionActionType.UpdateMerge, Row(kept with { Token = revoked }), ETag.All), cancellationToken);
        return revoked;
    }

    /// <summary>Records that a token was used, if it still exists and storage answers.</summary>
    public async Task MarkUsedAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(new TableEntity(Partition, Key(id)) { [LastUsed] = time.GetUtcNow() }, ETag.All, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException)
        {
            // A courtesy to whoever tidies up: no request fails for it. The next is tried after the same interval.
        }
    }

    /// <summary>Who created and revoked which token, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> ReadLedgerAsync(CancellationToken cancellationToken)
    {
        List<LedgerEntry> entries = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(Partition, "ledger-", cancellationToken))
        {
            entries.Add(row.Read<LedgerEntry>());
        }

        return entries;
    }

    private static string Key(string id) => $"token-{id}";

    private static TableEntity Row(KeptToken kept) => TableExtensions.Row(Partition, Key(kept.Token.Id), kept);

    private static KeptToken Read(TableEntity row)
    {
        KeptToken kept = row.Read<KeptToken>();
        return kept with { Token = kept.Token with { LastUsed = row.GetDateTimeOffset(LastUsed) } };
    }

    private async Task<bool> MakeRoomAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<TokenRecord> tokens = await ListAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<TokenRecord> surplus = [.. tokens.Where(token => !token.IsValid(now)).TakeLast(Math.Max(0, tokens.Count - MaximumTokens + 1))];
        foreach (TokenRecord token in surplus)
        {
            await _table.DeleteEntityAsync(Partition, Key(token.Id), cancellationToken: cancellationToken);
        }

        return tokens.Count - surplus.Count < MaximumTokens;
    }

    private async Task CommitAsync(string actor, string action, string detail, TableTransactionAction change, CancellationToken cancellationToken)
    {
        string? tried = null;
        for (int attempt = 1; ; attempt++)
        {
            TableEntity? head = await _table.FindAsync(Partition, "head", cancellationToken);
            LedgerEntry? last = head?.Read<LedgerEntry>();
            if (last is not null && last.Hash == tried)
            {
                // The attempt before was committed, only its answer was lost.
                return;
            }

            LedgerEntry entry = LedgerEntry.After(last, time.GetUtcNow(), actor, action, detail);
            tried = entry.Hash;
            TableEntity next = TableExtensions.Row(Partition, "head", entry);
            try
            {
                await _table.SubmitTransactionAsync(
                    [
                        head is null ? new(TableTransactionActionType.Add, next) : new(TableTransactionActionType.UpdateReplace, next, head.ETag),
                        new(TableTransactionActionType.Add, TableExtensions.Row(Partition, string.Create(CultureInfo.InvariantCulture, $"ledger-{entry.Sequence:D10}"), entry)),
                        change,
                    ],
                    cancellationToken);
                return;
            }
            catch (RequestFailedException exception) when (exception.Status is 409 or 412 && attempt < MaximumAttempts)
            {
                // Another writer was faster: its entry comes before this one.
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), time, cancellationToken);
            }
        }
    }
}
