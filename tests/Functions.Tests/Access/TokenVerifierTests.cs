using Mlops.Core.Access;
using Mlops.Functions.Access;
using Mlops.Storage;
using Mlops.Storage.Access;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Access;

public class TokenVerifierTests(AzuriteFixture azurite)
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task FindAsync_RevokedToken_IsWorthlessWithinHalfAMinuteElsewhere_AndAtOnceHere()
    {
        TokenStore store = await OpenAsync();
        TokenVerifier here = new(store, _time);
        TokenVerifier elsewhere = new(store, _time);
        AccessToken token = await CreateAsync(store, TimeSpan.FromDays(1));
        Assert.NotNull(await here.FindAsync(token, CancellationToken.None));
        Assert.NotNull(await elsewhere.FindAsync(token, CancellationToken.None));
        await store.RevokeAsync(token.Id, "a test", CancellationToken.None);
        here.Revoke(token.Id);
        Assert.Null(await here.FindAsync(token, CancellationToken.None));
        _time.Now += TokenVerifier.Trust;
        Assert.Null(await elsewhere.FindAsync(token, CancellationToken.None));
    }

    [Fact]
    public async Task FindAsync_RequestThatReadTheTokenBeforeItWasRevoked_RemembersNothing()
    {
        TokenStore store = await OpenAsync();
        AccessToken token = await CreateAsync(store, TimeSpan.FromDays(1));

        // Revoked in the ledger of this instance first, as seen by a request that still reads the row as it was.
        TokenVerifier verifier = new(store, _time);
        verifier.Revoke(token.Id);
        Assert.Null(await verifier.FindAsync(token, CancellationToken.None));
        Assert.False(await verifier.IsProvenAsync(AccessToken.Of(new byte[40]), CancellationToken.None));
        Assert.Null(await verifier.FindAsync(token, CancellationToken.None));
    }

    [Fact]
    public async Task IsProven_TokenCreatedElsewhere_IsFoundWithinHalfAMinute_WithOneReading()
    {
        TokenStore store = await OpenAsync();
        TokenVerifier verifier = new(store, _time);
        Assert.False(await verifier.IsProvenAsync(AccessToken.Of(new byte[40]), CancellationToken.None));
        AccessToken token = await CreateAsync(store, TimeSpan.FromDays(1));
        Assert.False(await verifier.IsProvenAsync(token, CancellationToken.None));
        _time.Now += TokenVerifier.Trust;
        Assert.True(await verifier.IsProvenAsync(token, CancellationToken.None));

        // One that was created here is found at once.
        token = await CreateAsync(store, TimeSpan.FromDays(1));
        verifier.Created();
        Assert.True(await verifier.IsProvenAsync(token, CancellationToken.None));
    }

    [Fact]
    public async Task FindAsync_ExpiredToken_IsWorthlessAlsoWhileItIsTrusted()
    {
        TokenStore store = await OpenAsync();
        TokenVerifier verifier = new(store, _time);
        AccessToken token = await CreateAsync(store, TimeSpan.FromSeconds(10));
        Assert.Equal(Role.Predictor, (await verifier.FindAsync(token, CancellationToken.None))!.Role);
        _time.Now += TimeSpan.FromSeconds(10);
        Assert.True(await verifier.IsProvenAsync(token, CancellationToken.None));
        Assert.Null(await verifier.FindAsync(token, CancellationToken.None));
        Assert.False(await verifier.IsProvenAsync(token, CancellationToken.None));
    }

    [Fact]
    public async Task FindAsync_WrongSecret_OpensNothing_BeforeAndAfterTheRightOne()
    {
        TokenStore store = await OpenAsync();
        TokenVerifier verifier = new(store, _time);
        AccessToken token = await CreateAsync(store, TimeSpan.FromDays(1));
        AccessToken wrong = AccessToken.Of([.. Convert.FromHexString(token.Id), .. new byte[AccessToken.SecretBytes]]);
        Assert.Null(await verifier.FindAsync(wrong, CancellationToken.None));
        Assert.False(await verifier.IsProvenAsync(wrong, CancellationToken.None));
        Assert.NotNull(await verifier.FindAsync(token, CancellationToken.None));
        Assert.Null(await verifier.FindAsync(wrong, CancellationToken.None));

        // Guesses at the id of a good token do not make a guesser of its owner.
        Assert.True(await verifier.IsProvenAsync(token, CancellationToken.None));
        Assert.False(await verifier.IsProvenAsync(wrong, CancellationToken.None));
        Assert.Null(await verifier.FindAsync(AccessToken.Of(new byte[40]), CancellationToken.None));
    }

    [Fact]
    public async Task FindAsync_Uses_AreWrittenOncePerInterval()
    {
        TokenStore store = await OpenAsync();
        TokenVerifier verifier = new(store, _time);
        AccessToken token = await CreateAsync(store, TimeSpan.FromDays(1));
        DateTimeOffset first = _time.Now;
        await verifier.FindAsync(token, CancellationToken.None);
        Assert.Equal(first, await LastUseAsync(store, token));
        for (_time.Now += TokenVerifier.Trust; _time.Now < first + TokenVerifier.UseInterval; _time.Now += TokenVerifier.Trust)
        {
            await verifier.FindAsync(token, CancellationToken.None);
        }

        Assert.Equal(first, await LastUseAsync(store, token));
        await verifier.FindAsync(token, CancellationToken.None);
        Assert.Equal(_time.Now, await LastUseAsync(store, token));
    }

    private static async Task<DateTimeOffset?> LastUseAsync(TokenStore store, AccessToken token) => (await store.FindAsync(token.Id, CancellationToken.None))!.Token.LastUsed;

    private static async Task<AccessToken> CreateAsync(TokenStore store, TimeSpan lifetime) =>
        (await store.CreateAsync("a test", Role.Predictor, ModelScope.All, lifetime, "tester", CancellationToken.None))!.Value.Secret;

    private async Task<TokenStore> OpenAsync()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        return new TokenStore(connection, _time);
    }
}
