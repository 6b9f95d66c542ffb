using System.Globalization;
using Azure.Data.Tables;
using Mlops.Core.Access;
using Mlops.Core.Registry;
using Mlops.Storage.Access;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Access;

// One class, because all tokens share one partition and its ledger.
public class TokenStoreTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task CreateAsync_KeepsAHashAndNoSecret()
    {
        TokenStore store = await OpenAsync();
        (AccessToken secret, TokenRecord token) = await CreateAsync(store, Role.Predictor, "weather-*");
        Assert.Equal((secret.Id, Role.Predictor, "tester", _time.Now, _time.Now + Day), (token.Id, token.Role, token.CreatedBy, token.Created, token.Expires));
        Assert.Equal(["weather-*"], token.Models);

        KeptToken kept = (await store.FindAsync(secret.Id, CancellationToken.None))!;
        Assert.Equivalent(token, kept.Token);
        Assert.True(kept.IsShownBy(secret));
        Assert.False(kept.IsShownBy(AccessToken.Of(new byte[AccessToken.IdBytes + AccessToken.SecretBytes])));

        // Nothing in the whole table holds the secret, in the text that its owner has or in the base64 of its bytes.
        string text = secret.Reveal().Split('_', 3)[2];
        TableClient table = new TableServiceClient(azurite.ConnectionString).GetTableClient(StorageNames.TokensTable);
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(string.Empty, cancellationToken: CancellationToken.None))
        {
            string all = string.Join('\n', row.Keys.Select(key => Convert.ToString(row[key], CultureInfo.InvariantCulture)));
            Assert.DoesNotContain(text, all, StringComparison.Ordinal);
            Assert.DoesNotContain(text.Replace('-', '+').Replace('_', '/'), all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RevokeAsync_Twice_IsOneEntry_AndKeepsTheLastUse()
    {
        TokenStore store = await OpenAsync();
        (AccessToken secret, TokenRecord token) = await CreateAsync(store, Role.Reader, "*");
        _time.Now += TimeSpan.FromHours(1);
        await store.MarkUsedAsync(token.Id, CancellationToken.None);
        TokenRecord? first = await store.RevokeAsync(token.Id, "somebody", CancellationToken.None);
        _time.Now += TimeSpan.FromHours(1);
        TokenRecord? second = await store.RevokeAsync(token.Id, "somebody else", CancellationToken.None);
        Assert.Equal(("somebody", first!.Revoked), (second!.RevokedBy, second.Revoked));
        KeptToken kept = (await store.FindAsync(secret.Id, CancellationToken.None))!;
        Assert.False(kept.Token.IsValid(_time.Now));
        Assert.Equal(_time.Now.AddHours(-1), kept.Token.LastUsed);
        Assert.Single(await store.ReadLedgerAsync(CancellationToken.None), entry => entry.Action == "revoke" && entry.Detail.Contains(token.Id, StringComparison.Ordinal));
        Assert.Null(await store.RevokeAsync(new string('0', 16), "somebody", CancellationToken.None));
    }

    [Fact]
    public async Task CreateAsync_ManyAtOnce_LosesNoTokenAndNoEntry()
    {
        TokenStore store = await OpenAsync();
        (AccessToken Secret, TokenRecord Token)[] created = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CreateAsync(store, Role.Reader, "*")));
        IReadOnlyList<TokenRecord> listed = await store.ListAsync(CancellationToken.None);
        Assert.All(created, made => Assert.Contains(listed, token => token.Id == made.Secret.Id));
        IReadOnlyList<LedgerEntry> ledger = await store.ReadLedgerAsync(CancellationToken.None);
        Assert.Null(LedgerEntry.FindBreak(ledger));
        Assert.All(created, made => Assert.Single(ledger, entry => entry.Detail.Contains(made.Secret.Id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task IsValid_EndsWithTheLifetime()
    {
        TokenStore store = await OpenAsync();
        (_, TokenRecord token) = await CreateAsync(store, Role.Reader, "*");
        Assert.True(token.IsValid(_time.Now + Day - TimeSpan.FromTicks(1)));
        Assert.False(token.IsValid(_time.Now + Day));
    }

    [Fact]
    public async Task MarkUsedAsync_UnknownToken_MakesNone()
    {
        TokenStore store = await OpenAsync();
        await store.MarkUsedAsync("ffffffffffffffff", CancellationToken.None);
        Assert.Null(await store.FindAsync("ffffffffffffffff", CancellationToken.None));
    }

    private async Task<TokenStore> OpenAsync() => new(await Stores.OpenAsync(azurite), _time);

    private static async Task<(AccessToken Secret, TokenRecord Token)> CreateAsync(TokenStore store, Role role, string models) =>
        (await store.CreateAsync("a test", role, ModelScope.TryParse([models], out ModelScope? scope, out _) ? scope : ModelScope.All, Day, "tester", CancellationToken.None))!.Value;
}
