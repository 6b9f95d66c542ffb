using Mlops.Core.Retraining;
using Mlops.Storage.Retraining;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Retraining;

public class RetrainingStoreTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task TryCommitAsync_LetsOneOfManyDeciders_ChangeTheState()
    {
        RetrainingStore store = new(await Stores.OpenAsync(azurite));
        string model = TestNames.Model();
        GovernorSnapshot snapshot = await store.ReadStateAsync(model, CancellationToken.None);
        bool[] committed = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => store.TryCommitAsync(snapshot, State(i), Decision(model, $"r{i}"), CancellationToken.None)));
        Assert.Equal(1, committed.Count(won => won));
        Assert.Single(await store.ListAsync(model, 100, CancellationToken.None));
        Assert.Equal(Array.IndexOf(committed, true), (await store.ReadStateAsync(model, CancellationToken.None)).State.StartsToday);
    }

    [Fact]
    public async Task TryCommitAsync_RefusesASecondDecision_OnTheSameRequest()
    {
        RetrainingStore store = new(await Stores.OpenAsync(azurite));
        string model = TestNames.Model();
        Assert.True(await store.TryCommitAsync(await store.ReadStateAsync(model, CancellationToken.None), State(1), Decision(model, "r"), CancellationToken.None));
        Assert.False(await store.TryCommitAsync(await store.ReadStateAsync(model, CancellationToken.None), State(2), Decision(model, "r"), CancellationToken.None));
        Assert.Equal(1, (await store.ReadStateAsync(model, CancellationToken.None)).State.StartsToday);
        Assert.Equal("p", (await store.FindAsync(model, "r", CancellationToken.None))!.Pipeline);
    }

    private static GovernorState State(int starts) => new(Now, DateOnly.FromDateTime(Now.UtcDateTime), starts, "p");

    private static RetrainingDecision Decision(string model, string id) => new(new RetrainingRequest(id, model, "drift", "because", Now), true, "start", "p", Now);
}
