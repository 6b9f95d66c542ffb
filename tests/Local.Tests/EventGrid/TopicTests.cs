using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Messaging;
using Azure.Messaging.EventGrid;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Local.EventGrid;
using Mlops.Local.Keys;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.EventGrid;

public sealed class TopicTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Event = """{"id":"1","eventType":"Demo.Happened","subject":"a/b","eventTime":"2026-03-01T10:00:00Z","data":{"x":1},"dataVersion":"1"}""";
    private const string Cloud = """{"specversion":"1.0","id":"c1","source":"/demo","type":"Demo.Cloud","data":{"x":1}}""";
    private readonly string _queue = TestNames.Queue("events");
    private LocalApp _app = null!;

    private string Key => _app.Services.GetRequiredService<KeyRing>().Topic("mlops");

    private Uri Endpoint => new(_app.Client.BaseAddress!, TopicEndpoints.Path("mlops"));

    public async ValueTask InitializeAsync() => _app = await LocalApp.StartAsync(azurite.ConnectionString, [], options: o => o with
    {
        EventGrid = new EventGridOptions
        {
            WatchedContainer = null,
            Subscriptions = [new() { Name = "all", Topic = "mlops", Queue = _queue, SubjectBeginsWith = "A/", IncludedEventTypes = ["demo.happened", "Demo.Cloud"] }, new() { Name = "cloud", Topic = "mlops", Queue = _queue, IncludedEventTypes = ["Demo.Cloud"] }],
        },
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task OfficialClient_PublishesAnEventGridEvent_WhichArrivesAsBase64InTheQueue()
    {
        var client = new EventGridPublisherClient(Endpoint, new AzureKeyCredential(Key));
        await client.SendEventAsync(new EventGridEvent("a/subject", "Demo.Happened", "1", new { x = 1 }) { Id = "mine" });

        var received = EventGridEvent.Parse(BinaryData.FromString(await NextAsync()));

        Assert.Equal(("mine", "a/subject", "Demo.Happened", "1"), (received.Id, received.Subject, received.EventType, received.DataVersion));
        Assert.Equal(TopicEndpoints.ResourceId("mlops"), received.Topic);
        Assert.Equal("""{"x":1}""", received.Data.ToString());
    }

    [Fact]
    public async Task OfficialClient_WithASasToken_PublishesABatchOfCloudEvents()
    {
        var sas = new EventGridSasBuilder(Endpoint, DateTimeOffset.UtcNow.AddMinutes(5)).GenerateSas(new AzureKeyCredential(Key));
        var client = new EventGridPublisherClient(Endpoint, new AzureSasCredential(sas));
        await client.SendEventsAsync([new CloudEvent("/demo", "Demo.Cloud", new { x = 1 }) { Id = "c1" }, new CloudEvent("/demo", "Demo.Cloud", new { x = 2 }) { Id = "c2" }]);

        var received = new[] { CloudEvent.Parse(BinaryData.FromString(await NextAsync()))!, CloudEvent.Parse(BinaryData.FromString(await NextAsync()))! };

        Assert.Equal(["c1", "c2"], received.Select(e => e.Id).Order());
    }

    [Fact]
    public async Task CloudEvent_InStructuredAndBinaryMode_IsTaken()
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Cloud, "application/cloudevents+json")).StatusCode);
        Assert.Equal("c1", CloudEvent.Parse(BinaryData.FromString(await NextAsync()))!.Id);

        using var binary = Request("raw text", "text/plain");
        foreach (var (name, value) in new[] { ("specversion", "1.0"), ("id", "c%202"), ("source", "/demo"), ("type", "Demo.Cloud") })
        {
            binary.Headers.Add("ce-" + name, value);
        }

        Assert.Equal(HttpStatusCode.OK, (await _app.Client.SendAsync(binary)).StatusCode);
        var received = CloudEvent.Parse(BinaryData.FromString(await NextAsync()))!;
        Assert.Equal("c 2", received.Id);
        Assert.Equal("raw text", received.Data!.ToString());
    }

    [Fact]
    public async Task Filters_KeepOutOtherSubjectsAndTypes()
    {
        await PostAsync($"[{Event.Replace("\"a/b\"", "\"other\"", StringComparison.Ordinal)},{Event.Replace("Demo.Happened", "Demo.Else", StringComparison.Ordinal)},{Event.Replace("\"1\",\"eventType\"", "\"last\",\"eventType\"", StringComparison.Ordinal)}]", "application/json");

        Assert.Equal("last", EventGridEvent.Parse(BinaryData.FromString(await NextAsync())).Id);
        Assert.Null((await new QueueClient(azurite.ConnectionString, _queue).PeekMessageAsync()).Value);
    }

    [Theory]
    [InlineData("aeg-sas-key", "d3Jvbmc=")]
    [InlineData("aeg-sas-token", "r=x&e=y&s=z")]
    [InlineData("Authorization", "Bearer x")]
    [InlineData("x-none", "")]
    public async Task WrongCredential_Is401(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new StringContent($"[{Event}]", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(header, value);

        await AssertErrorAsync(await _app.Client.SendAsync(request), HttpStatusCode.Unauthorized, "Unauthorized");
    }

    [Fact]
    public async Task Token_ThatExpired_OrIsForAnotherTopic_Is401()
    {
        foreach (var (uri, expiry) in new[] { (Endpoint, DateTimeOffset.UtcNow.AddMinutes(-1)), (new Uri(Endpoint, "/topics/other/api/events"), DateTimeOffset.UtcNow.AddMinutes(5)) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new StringContent($"[{Event}]", Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new AuthenticationHeaderValue("SharedAccessSignature", new EventGridSasBuilder(uri, expiry).GenerateSas(new AzureKeyCredential(Key)));

            await AssertErrorAsync(await _app.Client.SendAsync(request), HttpStatusCode.Unauthorized, "Unauthorized");
        }
    }

    [Fact]
    public async Task LargerThanOneMegabyte_Is413()
    {
        var body = $"[{Event.Replace("\"x\":1", $"\"x\":\"{new string('x', 1_048_576)}\"", StringComparison.Ordinal)}]";

        await AssertErrorAsync(await PostAsync(body, "application/json"), HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge");
    }

    [Theory]
    [InlineData("application/json", "{ no")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", Event)]
    [InlineData("application/json", "[1]")]
    [InlineData("application/json", """[{"id":"1","eventType":"t","subject":"s","data":1,"dataVersion":"1"}]""")]
    [InlineData("application/json", """[{"id":"1","eventType":"t","subject":"s","eventTime":"soon","data":1,"dataVersion":"1"}]""")]
    [InlineData("application/json", """[{"id":"1","eventType":"t","subject":"s","eventTime":"2026-03-01T10:00:00Z","data":1}]""")]
    [InlineData("application/json", """[{"id":"1","eventType":"t","subject":"s","eventTime":"2026-03-01T10:00:00Z","data":1,"dataVersion":"1","topic":"/another"}]""")]
    [InlineData("application/json", """[{"id":"1","id":"2","eventType":"t","subject":"s","eventTime":"2026-03-01T10:00:00Z","data":1,"dataVersion":"1"}]""")]
    [InlineData("application/cloudevents+json", """{"specversion":"0.3","id":"1","source":"s","type":"t"}""")]
    [InlineData("application/cloudevents+json", """{"specversion":"1.0","id":"","source":"s","type":"t"}""")]
    [InlineData("application/cloudevents+json", """{"specversion":"1.0","id":"1","source":"s","type":"t","Upper":1}""")]
    [InlineData("application/cloudevents-batch+json", Cloud)]
    [InlineData("text/plain", "hello")]
    public async Task Malformed_Is400(string contentType, string body) => await AssertErrorAsync(await PostAsync(body, contentType), HttpStatusCode.BadRequest, "BadRequest");

    [Fact]
    public async Task UnknownTopic_Is404()
    {
        using var request = Request($"[{Event}]", "application/json");
        request.RequestUri = new Uri(Endpoint, "/topics/other/api/events");

        await AssertErrorAsync(await _app.Client.SendAsync(request), HttpStatusCode.NotFound, "NotFound");
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal(1, error.GetProperty("details").GetArrayLength());
    }

    private HttpRequestMessage Request(string body, string contentType)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        request.Headers.Add("aeg-sas-key", Key);
        return request;
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string contentType)
    {
        using var request = Request(body, contentType);
        return await _app.Client.SendAsync(request);
    }

    private Task<string> NextAsync() => EventQueue.NextAsync(azurite, _queue);
}
