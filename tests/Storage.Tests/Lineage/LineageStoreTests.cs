using Mlops.Storage.Lineage;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Lineage;

public class LineageStoreTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task WalkAsync_GoesBothWays_FromAnywhere()
    {
        LineageStore store = new(await Stores.OpenAsync(azurite));
        string name = TestNames.Model();
        LineageEdge[] edges =
        [
            new($"file:data/{name}/f.csv", "became", $"ds-{name}"),
            new($"ds-{name}", "trained", $"run-{name}"),
            new($"run-{name}", "registered", $"{name}@1"),
            new($"pipeline-{name}", "made", $"{name}@1"),
        ];
        await store.AddAsync(edges, CancellationToken.None);
        await store.AddAsync(edges, CancellationToken.None);
        Assert.Equal(edges.OrderBy(edge => edge.From), (await store.WalkAsync($"{name}@1", 100, CancellationToken.None)).OrderBy(edge => edge.From));
        Assert.Equal(3, (await store.WalkAsync($"file:data/{name}/f.csv", 100, CancellationToken.None)).Count);
        Assert.Equal(3, (await store.WalkAsync($"run-{name}", 100, CancellationToken.None)).Count);
        Assert.Empty(await store.WalkAsync("nothing", 100, CancellationToken.None));
    }

    [Fact]
    public async Task WalkAsync_StopsAtTheLimit_AndAtCycles()
    {
        LineageStore store = new(await Stores.OpenAsync(azurite));
        string name = TestNames.Model();
        await store.AddAsync([new($"{name}-a", "became", $"{name}-b"), new($"{name}-b", "became", $"{name}-a")], CancellationToken.None);
        Assert.Equal(2, (await store.WalkAsync($"{name}-a", 100, CancellationToken.None)).Count);
        Assert.Single(await store.WalkAsync($"{name}-a", 1, CancellationToken.None));
    }
}
