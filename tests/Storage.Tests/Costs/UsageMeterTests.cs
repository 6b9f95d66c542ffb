using Azure.Core;
using Mlops.Core.Costs;
using Mlops.Storage.Arrival;
using Mlops.Storage.Costs;
using Mlops.Storage.Registry;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Costs;

public class UsageMeterTests(AzuriteFixture azurite)
{
    private static readonly CancellationToken None = CancellationToken.None;

    // Rows are by the day: one that ends on the way would make two of them.
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Scope_RequestsMadeWhileItIsOpen_AreItsOwn()
    {
        (UsageMeter meter, StorageConnection connection) = await MeteredAsync();
        using (meter.Begin("churn", UsageKind.Serving))
        {
            // One request each: a read that finds nothing, a row that is not there, a listing.
            await new ConfigurationFiles(connection).FindAsync(TestNames.Model(), 100, None);
            await new RegistryStore(connection, TimeProvider.System).FindTrafficAsync(TestNames.Model(), None);
            await new LedgerAnchors(connection).ListAsync(TestNames.Model(), None);
        }

        await new LedgerAnchors(connection).ListAsync(TestNames.Model(), None);
        Dictionary<string, Usage> used = meter.Take().ToDictionary(row => $"{row.Model} {row.Kind}", row => row.Used);
        Assert.Equal(["Work", "churn Serving"], used.Keys.Select(key => key.Trim()).Order(StringComparer.Ordinal));
        Usage churn = used["churn Serving"];
        Assert.Equal((1, 1, 1, 1, 0), (churn.Executions, churn.BlobReads, churn.TableOperations, churn.BlobLists, churn.BlobWrites));
        Assert.True(churn.InstanceSeconds >= 1);
        Assert.Equal((0, 1), (used[" Work"].Executions, used[" Work"].BlobLists));
        Assert.Empty(meter.Take());
    }

    [Fact]
    public async Task Scopes_SideBySide_DoNotMix()
    {
        (UsageMeter meter, StorageConnection connection) = await MeteredAsync();
        await Task.WhenAll(Enumerable.Range(1, 8).Select(async i =>
        {
            using UsageScope scope = meter.Begin(string.Empty, UsageKind.Work);
            await Task.Yield();
            UsageScope.BelongsTo($"model-{i}");
            for (int request = 0; request < i; request++)
            {
                await new ConfigurationFiles(connection).FindAsync(TestNames.Model(), 100, None);
            }
        }));
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), meter.Take().OrderBy(row => row.Used.BlobReads).Select(row => row.Used.BlobReads));
    }

    [Fact]
    public void Return_OfWhatCouldNotBeWritten_IsTakenAgainWithTheRest()
    {
        UsageMeter meter = new(new ManualTime(Noon));
        meter.CountExecution("churn", UsageKind.Work);
        UsageRow unwritten = Assert.Single(meter.Take());
        meter.CountExecution("churn", UsageKind.Work);
        meter.Return(unwritten);
        Assert.Equal(2, Assert.Single(meter.Take()).Used.Executions);
    }

    [Theory]
    [InlineData("Blobs", "GET", "?restype=container&comp=list&prefix=a", "BlobList")]
    [InlineData("Blobs", "PUT", "?restype=container", "BlobList")]
    [InlineData("Blobs", "GET", "?comp=blocklist", "BlobRead")]
    [InlineData("Blobs", "GET", "", "BlobRead")]
    [InlineData("Blobs", "HEAD", "", "BlobRead")]
    [InlineData("Blobs", "PUT", "", "BlobWrite")]
    [InlineData("Blobs", "PUT", "?comp=blocklist", "BlobWrite")]
    [InlineData("Blobs", "PUT", "?comp=appendblock", "BlobWrite")]
    [InlineData("Blobs", "DELETE", "", "Free")]
    [InlineData("Tables", "GET", "?$filter=a", "Table")]
    [InlineData("Queues", "POST", "", "Queue")]
    public void Classify_Request_AsItIsPriced(string service, string method, string query, string expected) =>
        Assert.Equal(expected, UsagePolicy.Classify(Enum.Parse<StorageService>(service), RequestMethod.Parse(method), query).ToString());

    private async Task<(UsageMeter Meter, StorageConnection Connection)> MeteredAsync()
    {
        await Stores.OpenAsync(azurite);
        UsageMeter meter = new(new ManualTime(Noon));
        return (meter, new StorageConnection(name => name == StorageConnection.Name ? azurite.ConnectionString : null, meter));
    }
}
