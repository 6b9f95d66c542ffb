using Mlops.Storage.Arrival;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Arrival;

public class ArrivalStoreTests(AzuriteFixture azurite)
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task ClaimAsync_GivesOneOfFiftyCallers_TheClaim()
    {
        ArrivalStore store = new(await Stores.OpenAsync(azurite), _time);
        string model = TestNames.Model();
        ArrivalClaim[] claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.ClaimAsync(model, "p", "data/m/f.csv", CancellationToken.None)));
        Assert.Equal(1, claims.Count(claim => claim == ArrivalClaim.Claimed));
        Assert.Equal(49, claims.Count(claim => claim == ArrivalClaim.ClaimedByOther));
    }

    [Fact]
    public async Task ClaimAsync_GoesToOneOther_WhenTheClaimantDied()
    {
        ArrivalStore store = new(await Stores.OpenAsync(azurite), _time);
        string model = TestNames.Model();
        Assert.Equal(ArrivalClaim.Claimed, await store.ClaimAsync(model, "p", "f", CancellationToken.None));
        _time.Now += ArrivalStore.ClaimTime;
        ArrivalClaim[] claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.ClaimAsync(model, "p", "f", CancellationToken.None)));
        Assert.Equal(1, claims.Count(claim => claim == ArrivalClaim.Claimed));
    }

    [Fact]
    public async Task ClaimAsync_SaysStarted_ForEverAfter()
    {
        ArrivalStore store = new(await Stores.OpenAsync(azurite), _time);
        string model = TestNames.Model();
        await store.ClaimAsync(model, "p", "f", CancellationToken.None);
        Assert.Empty(await store.StartedAsync(model, CancellationToken.None));
        await store.MarkStartedAsync(model, "p", "f", CancellationToken.None);
        _time.Now += TimeSpan.FromDays(1);
        Assert.Equal(ArrivalClaim.AlreadyStarted, await store.ClaimAsync(model, "p", "f", CancellationToken.None));
        Assert.Equal(["p"], await store.StartedAsync(model, CancellationToken.None));
    }
}
