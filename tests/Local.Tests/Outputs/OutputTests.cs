using System.Net;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Mlops.Local.EventGrid;
using Mlops.Local.Tests.EventGrid;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Outputs;

public sealed class OutputTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _name = TestNames.Queue("out");
    private LocalApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await LocalApp.StartAsync(azurite.ConnectionString, [typeof(Functions)], options: o => o with
    {
        Settings = new Dictionary<string, string?> { ["Name"] = _name },
        EventGrid = new EventGridOptions { WatchedContainer = null, Subscriptions = [new() { Name = "out", Topic = "mlops", Queue = _name + "-events" }] },
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task ReturnedClass_GoesToQueueBlobTopicAndResponse()
    {
        var response = await _app.Client.PostAsync("multi/seven", null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["one", "two"], new[] { await EventQueue.NextAsync(azurite, _name), await EventQueue.NextAsync(azurite, _name) }.Order());
        Assert.Equal("""{"X":7}""", (await new BlobClient(azurite.ConnectionString, _name, "seven.json").DownloadContentAsync()).Value.Content.ToString());
        Assert.Contains("\"id\":\"evt\"", await EventQueue.NextAsync(azurite, _name + "-events"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlobInput_IsReadByItsPath_AndNullWhereThereIsNone()
    {
        await _app.Client.PostAsync("multi/seven", null);

        Assert.Equal("7", await _app.Client.GetStringAsync("read/seven"));
        Assert.Equal("none", await _app.Client.GetStringAsync("read/eight"));
    }

    public sealed record Content(int X);

    public sealed class Answer
    {
        [HttpResult]
        public required IActionResult Response { get; init; }

        [QueueOutput("%Name%")]
        public required string[] Messages { get; init; }

        [BlobOutput("%Name%/{name}.json")]
        public required Content Blob { get; init; }

        [EventGridOutput(TopicEndpointUri = "MlopsEvents__topicEndpointUri", TopicKeySetting = "MlopsEvents__topicKey")]
        public required string Event { get; init; }
    }

    public sealed class Functions
    {
        [Function("Multi")]
        public static Answer Multi([HttpTrigger("post", Route = "multi/{name}")] HttpRequest request, string name) => new()
        {
            Response = new AcceptedResult(),
            Messages = ["one", "two"],
            Blob = new Content(7),
            Event = $$"""{"id":"evt","eventType":"Demo","subject":"{{name}}","eventTime":"2026-03-01T10:00:00Z","data":1,"dataVersion":"1"}""",
        };

        [Function("Read")]
        public static IResult Read([HttpTrigger("get", Route = "read/{name}")] HttpRequest request, [BlobInput("%Name%/{name}.json")] Content? content) =>
            Results.Text(content is null ? "none" : content.X.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
