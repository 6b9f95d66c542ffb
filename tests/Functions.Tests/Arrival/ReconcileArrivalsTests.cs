using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Functions.Arrival;
using Mlops.Storage;
using Mlops.Storage.Arrival;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Arrival;

/// <summary>On a real Azurite that tells nobody of its blobs: every event is lost.</summary>
public class ReconcileArrivalsTests(AzuriteFixture azurite)
{
    private readonly RecordingClient _client = new();
    private readonly string _model = TestNames.Model();

    [Fact]
    public async Task Run_StartsAFile_WhoseEventWasLost_Once()
    {
        (ReconcileArrivals reconcile, DropZone zone, _) = await OpenAsync();
        await DropAsync(zone, "lost.csv");
        await zone.WriteAsync($"data/{_model}/model.yaml", new MemoryStream(Encoding.UTF8.GetBytes("target: y")), 1_000, CancellationToken.None);
        await reconcile.Run(new TimerInfo(), _client, CancellationToken.None);
        await reconcile.Run(new TimerInfo(), _client, CancellationToken.None);
        Assert.Single(Mine());
    }

    [Fact]
    public async Task Run_StartsAFile_WhoseClaimantDied()
    {
        (ReconcileArrivals reconcile, DropZone zone, StorageConnection connection) = await OpenAsync();
        string etag = await DropAsync(zone, "claimed.csv");
        ArrivalStore earlier = new(connection, new Earlier());
        string id = ArrivalService.PipelineIdFor(_model, $"data/{_model}/claimed.csv\n{etag}");
        Assert.Equal(ArrivalClaim.Claimed, await earlier.ClaimAsync(_model, id, $"data/{_model}/claimed.csv", CancellationToken.None));
        await reconcile.Run(new TimerInfo(), _client, CancellationToken.None);
        Assert.Equal([id], Mine());
    }

    [Fact]
    public async Task Run_GoesOnAfterAFile_ThatCannotBeStarted_AndFails()
    {
        (ReconcileArrivals reconcile, DropZone zone, _) = await OpenAsync();
        string refused = ArrivalService.PipelineIdFor(_model, $"data/{_model}/a.csv\n{await DropAsync(zone, "a.csv")}");
        await DropAsync(zone, "b.csv");
        _client.Refused.Add(refused);
        await Assert.ThrowsAsync<AggregateException>(() => reconcile.Run(new TimerInfo(), _client, CancellationToken.None));
        Assert.NotEqual(refused, Assert.Single(Mine()));
    }

    [Fact]
    public async Task Event_WhoseSpanNobodySamples_StartsThePipeline()
    {
        (_, DropZone zone, StorageConnection connection) = await OpenAsync();
        await DropAsync(zone, "told.csv");
        string message = $$"""{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default/containers/drop/blobs/data/{{_model}}/told.csv","eventTime":"2026-01-01T00:00:00Z"}""";
        await new DataArrived(Service(connection), TimeProvider.System).Run(message, _client, CancellationToken.None);
        Assert.Single(Mine());
    }

    [Fact]
    public async Task Arrive_FiftyTimesAtOnce_StartsOnePipeline()
    {
        (_, DropZone zone, StorageConnection connection) = await OpenAsync();
        await DropAsync(zone, "often.csv");
        ArrivalService arrivals = Service(connection);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => arrivals.ArriveAsync(_client, $"data/{_model}/often.csv", CancellationToken.None)));
        Assert.Single(Mine());
    }

    // Other tests of this class have files of their own in the same drop zone.
    private IEnumerable<string> Mine() => _client.Scheduled.Where(id => id.StartsWith(_model, StringComparison.Ordinal));

    private Task<string> DropAsync(DropZone zone, string file) =>
        zone.WriteAsync($"data/{_model}/{file}", new MemoryStream(Encoding.UTF8.GetBytes("a,y\n1,2\n")), 1_000, CancellationToken.None);

    private async Task<(ReconcileArrivals Reconcile, DropZone Zone, StorageConnection Connection)> OpenAsync()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        DropZone zone = new(connection);
        return (new ReconcileArrivals(zone, new ArrivalStore(connection, TimeProvider.System), Service(connection), NullLogger<ReconcileArrivals>.Instance), zone, connection);
    }

    private static ArrivalService Service(StorageConnection connection) => new(
        new ArrivalStore(connection, TimeProvider.System), new DropZone(connection), new PipelineStore(connection, TimeProvider.System),
        new RegistryStore(connection, TimeProvider.System), TimeProvider.System, NullLogger<ArrivalService>.Instance);

    private sealed class Earlier : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddMinutes(-5);
    }
}
