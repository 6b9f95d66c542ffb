using System.Text.Json;
using Azure.Messaging.EventGrid;
using Azure.Messaging.EventGrid.SystemEvents;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Mlops.Local.EventGrid;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.Local.Tests.EventGrid;

public sealed class BlobCreatedTests(AzuriteFixture azurite)
{
    private readonly string _container = TestNames.Container("drop");
    private readonly string _queue = TestNames.Queue("blob-events");

    [Fact]
    public async Task NewBlob_RaisesTheServicesEvent_OncePerVersion_AlsoAcrossARestart()
    {
        string folder;
        await using (var app = await StartAsync())
        {
            folder = app.Options.DataDirectory;
            await UntilContainerAsync();
            var etag = await UploadAsync("data/weather/größe 1.csv", "a,b");
            await UploadAsync("other/x.csv", "not under data/");

            var json = await EventQueue.NextAsync(azurite, _queue);
            var raised = EventGridEvent.Parse(BinaryData.FromString(json));
            Assert.Equal($"/blobServices/default/containers/{_container}/blobs/data/weather/größe 1.csv", raised.Subject);
            Assert.Equal("Microsoft.Storage.BlobCreated", raised.EventType);
            Assert.EndsWith("/storageAccounts/devstoreaccount1", raised.Topic, StringComparison.Ordinal);
            Assert.True(raised.TryGetSystemEventData(out var typed));
            var data = Assert.IsType<StorageBlobCreatedEventData>(typed);
            Assert.Equal(("PutBlob", "BlockBlob", etag), (data.Api, data.BlobType, data.ETag));
            Assert.Equal(3, data.ContentLength);
            Assert.Equal("text/csv", data.ContentType);
            Assert.Equal(Client("data/weather/größe 1.csv").Uri.AbsoluteUri, data.Url);
            Assert.Equal("1", JsonDocument.Parse(json).RootElement.GetProperty("metadataVersion").GetString());

            // In the queue it may be before the host knows that it is: stopped then, the host delivers it again.
            var pending = Path.Combine(folder, "eventgrid", "pending");
            await Eventually.HoldsAsync("the delivery is settled", () => Task.FromResult(Directory.GetFiles(pending, "*.json").Length == 0));
        }

        await using var again = await StartAsync(folder);
        await UploadAsync("data/weather/größe 1.csv", "a,b,c");

        var second = EventGridEvent.Parse(BinaryData.FromString(await EventQueue.NextAsync(azurite, _queue)));
        Assert.Equal(5, second.Data.ToObjectFromJson<JsonElement>().GetProperty("contentLength").GetInt32());
        Assert.Null((await new QueueClient(azurite.ConnectionString, _queue).PeekMessageAsync()).Value);
    }

    private async Task UntilContainerAsync()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, _container);
        for (var i = 0; !await container.ExistsAsync(); i++)
        {
            Assert.True(i < 600, "the watched container was not made");
            await Task.Delay(50);
        }
    }

    private BlobClient Client(string name) => new(azurite.ConnectionString, _container, name);

    private async Task<string> UploadAsync(string name, string content)
    {
        var info = await Client(name).UploadAsync(BinaryData.FromString(content), new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/csv" } });
        
        // A header has quotes around it; an event has none.
        return info.Value.ETag.ToString().Trim('"');
    }

    private Task<LocalApp> StartAsync(string? folder = null) => LocalApp.StartAsync(azurite.ConnectionString, [], options: o => o with
    {
        DataDirectory = folder ?? o.DataDirectory,
        EventGrid = new EventGridOptions
        {
            WatchedContainer = _container,
            WatchInterval = TimeSpan.FromMilliseconds(100),
            Subscriptions = [new() { Name = "blobs", Topic = EventGridOptions.StorageTopic, Queue = _queue, SubjectBeginsWith = $"/blobServices/default/containers/{_container}/blobs/data/" }],
        },
    });
}
