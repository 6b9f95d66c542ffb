using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Mlops.Local.EventGrid;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Blobs;

public sealed class BlobTriggerTests(AzuriteFixture azurite)
{
    private readonly string _container = TestNames.Container();

    [Fact]
    public async Task Blob_IsBoundWithTheNamesOfItsPath_OncePerVersion_AlsoAcrossARestart()
    {
        var container = await CreateAsync();
        string folder;
        await using (var app = await StartAsync(typeof(Reads)))
        {
            folder = app.Options.DataDirectory;
            await container.UploadBlobAsync("in/a.json", BinaryData.FromString("""{"x":1}"""));
            await container.UploadBlobAsync("in/b.txt", BinaryData.FromString("another name"));

            Assert.Equal(("a", $"{_container}/in/a.json", 1), await app.Recorder.NextAsync<(string, string, int)>());
        }

        await using var again = await StartAsync(typeof(Reads), folder);
        await container.GetBlobClient("in/a.json").UploadAsync(BinaryData.FromString("""{"x":2}"""), overwrite: true);

        Assert.Equal(("a", $"{_container}/in/a.json", 2), await again.Recorder.NextAsync<(string, string, int)>());
        Assert.Equal(1, again.Recorder.Count);
    }

    [Fact]
    public async Task FailingBlob_IsPoisonedAfterTheThreshold()
    {
        var container = await CreateAsync();
        await using var app = await StartAsync(typeof(Fails), hostJson: """{ "version": "2.0", "extensions": { "blobs": { "poisonBlobThreshold": 2 } } }""");
        await container.UploadBlobAsync("in/bad.txt", BinaryData.FromString("bad"));

        Assert.Equal("bad", await app.Recorder.NextAsync<string>());
        Assert.Equal("bad", await app.Recorder.NextAsync<string>());

        var poison = new QueueClient(azurite.ConnectionString, "webjobs-blobtrigger-poison");
        for (var i = 0; ; i++)
        {
            Assert.True(i < 600, "no poison message came");
            if (await poison.ExistsAsync() && (await poison.ReceiveMessageAsync()).Value is { } message)
            {
                var json = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(message.Body.ToString()))).RootElement;
                Assert.Equal("Host.Functions.Fails", json.GetProperty("FunctionId").GetString());
                Assert.Equal((_container, "in/bad.txt"), (json.GetProperty("ContainerName").GetString(), json.GetProperty("BlobName").GetString()));
                break;
            }

            await Task.Delay(50);
        }
    }

    private async Task<BlobContainerClient> CreateAsync()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, _container);
        await container.CreateAsync();
        return container;
    }

    private Task<LocalApp> StartAsync(Type functions, string? folder = null, string hostJson = """{ "version": "2.0" }""") => LocalApp.StartAsync(
        azurite.ConnectionString,
        [functions],
        options: o => o with
        {
            DataDirectory = folder ?? o.DataDirectory,
            Settings = new Dictionary<string, string?> { ["Container"] = _container },
            EventGrid = new EventGridOptions { WatchedContainer = null, Subscriptions = [], WatchInterval = TimeSpan.FromMilliseconds(100) },
        },
        hostJson: hostJson);

    public sealed record Content(int X);

    public sealed class Reads(Recorder recorder)
    {
        [Function("Reads")]
        public void Run([BlobTrigger("%Container%/in/{name}.json", Source = BlobTriggerSource.EventGrid)] Content content, string name, string blobTrigger) => recorder.Add((name, blobTrigger, content.X));
    }

    public sealed class Fails(Recorder recorder)
    {
        [Function("Fails")]
        public async Task RunAsync([BlobTrigger("%Container%/in/{name}")] Stream content, string name)
        {
            using var reader = new StreamReader(content);
            recorder.Add(await reader.ReadToEndAsync());
            throw new InvalidOperationException(name);
        }
    }
}
