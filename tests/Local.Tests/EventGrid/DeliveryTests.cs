using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Messaging.EventGrid;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Local.EventGrid;
using Mlops.Local.Keys;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.EventGrid;

public sealed class DeliveryTests(AzuriteFixture azurite)
{
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private readonly string _deadLetters = TestNames.Container("dead");

    [Fact]
    public async Task TriggerFunction_GetsTheEvent()
    {
        await using var app = await StartAsync(typeof(Takes));
        await PublishAsync(app, "one");

        Assert.Equal("one", (await app.Recorder.NextAsync<EventGridEvent>()).Id);
    }

    [Fact]
    public async Task BatchedTriggerFunction_GetsAnArray()
    {
        await using var app = await StartAsync(typeof(TakesMany));
        await PublishAsync(app, "one");

        Assert.Equal("one", (await app.Recorder.NextAsync<string[]>()).Single());
    }

    [Fact]
    public async Task FailingFunction_GetsTheEventAgain_UntilItSucceeds()
    {
        await using var app = await StartAsync(typeof(FailsTwice));
        await PublishAsync(app, "again");

        await _time.AdvanceUntilAsync(() => app.Recorder.Count >= 3, TimeSpan.FromSeconds(1));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("again", await app.Recorder.NextAsync<string>());
        }

        await UntilNonePendingAsync(app);
    }

    [Fact]
    public async Task EventThatFailsTooOften_IsDeadLetteredWithTheReason()
    {
        await using var app = await StartAsync(typeof(Takes), new SubscriptionOptions { Name = "gone", Topic = "mlops", Webhook = new Uri("http://127.0.0.1:1/"), MaxDeliveryAttempts = 3 });
        await PublishAsync(app, "lost");

        var letter = await DeadLetterAsync("gone");

        Assert.Equal("lost", letter.GetProperty("id").GetString());
        Assert.Equal("MaxDeliveryAttemptsExceeded", letter.GetProperty("deadLetterReason").GetString());
        Assert.Equal(3, letter.GetProperty("deliveryAttempts").GetInt32());
        Assert.Equal("NetworkError", letter.GetProperty("lastDeliveryOutcome").GetString());
        Assert.True(letter.GetProperty("publishTime").GetDateTimeOffset() <= letter.GetProperty("lastDeliveryAttemptTime").GetDateTimeOffset());
        await UntilNonePendingAsync(app);
    }

    [Fact]
    public async Task EventThatTheDestinationRefuses_IsDeadLetteredAtOnce()
    {
        var queue = TestNames.Queue();
        await using var app = await StartAsync(typeof(Takes), new SubscriptionOptions { Name = "small", Topic = "mlops", Queue = queue });
        await PublishAsync(app, "big", new string('x', 100_000));

        var letter = await DeadLetterAsync("small");

        Assert.Equal(1, letter.GetProperty("deliveryAttempts").GetInt32());
        Assert.Equal("RequestEntityTooLarge", letter.GetProperty("lastDeliveryOutcome").GetString());
    }

    [Fact]
    public async Task AcceptedEvent_IsDeliveredAfterARestart()
    {
        var queue = TestNames.Queue();
        string folder;
        await using (var first = await StartAsync(typeof(Takes), new SubscriptionOptions { Name = "later", Topic = "mlops", Webhook = new Uri("http://127.0.0.1:1/") }))
        {
            folder = first.Options.DataDirectory;
            await PublishAsync(first, "kept");
            Assert.NotEmpty(Pending(folder));
        }

        await using var second = await StartAsync(typeof(Takes), new SubscriptionOptions { Name = "later", Topic = "mlops", Queue = queue }, folder);
        var received = _time.AdvanceUntilAsync(() => !Directory.EnumerateFiles(Path.Combine(folder, "eventgrid", "pending")).Any(), TimeSpan.FromSeconds(1));

        Assert.Equal("kept", EventGridEvent.Parse(BinaryData.FromString(await EventQueue.NextAsync(azurite, queue))).Id);
        await received;
    }

    [Fact]
    public async Task Webhook_AnswersItsHandshakes()
    {
        await using var app = await StartAsync(typeof(Takes));
        using var validation = new HttpRequestMessage(HttpMethod.Post, "runtime/webhooks/EventGrid?functionName=takes")
        {
            Content = new StringContent("""[{"id":"1","eventType":"Microsoft.EventGrid.SubscriptionValidationEvent","subject":"","eventTime":"2026-03-01T10:00:00Z","data":{"validationCode":"code-1"},"dataVersion":"1"}]""", Encoding.UTF8, "application/json"),
        };
        validation.Headers.Add("aeg-event-type", "SubscriptionValidation");
        using var options = new HttpRequestMessage(HttpMethod.Options, "runtime/webhooks/eventgrid?functionName=takes");
        options.Headers.Add("WebHook-Request-Origin", "eventgrid.azure.net");

        var validated = await app.Client.SendAsync(validation);
        var allowed = await app.Client.SendAsync(options);

        Assert.Equal("""{"validationResponse":"code-1"}""", await validated.Content.ReadAsStringAsync());
        Assert.Equal("eventgrid.azure.net", allowed.Headers.GetValues("WebHook-Allowed-Origin").Single());
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.PostAsync("runtime/webhooks/eventgrid?functionName=other", new StringContent("[]"))).StatusCode);
    }

    private static string[] Pending(string folder) => Directory.GetFiles(Path.Combine(folder, "eventgrid", "pending"), "*.json");

    private static async Task UntilNonePendingAsync(LocalApp app)
    {
        for (var i = 0; Pending(app.Options.DataDirectory).Length > 0; i++)
        {
            Assert.True(i < 600, "the delivered event was not removed");
            await Task.Delay(50);
        }
    }

    private static async Task PublishAsync(LocalApp app, string id, string data = "")
    {
        var json = JsonSerializer.Serialize(new[] { new { id, eventType = "Demo", subject = "s", eventTime = DateTimeOffset.UnixEpoch, data, dataVersion = "1" } });
        using var request = new HttpRequestMessage(HttpMethod.Post, TopicEndpoints.Path("mlops")) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("aeg-sas-key", app.Services.GetRequiredService<KeyRing>().Topic("mlops"));
        Assert.Equal(HttpStatusCode.OK, (await app.Client.SendAsync(request)).StatusCode);
    }

    private async Task<JsonElement> DeadLetterAsync(string subscription)
    {
        var container = new BlobContainerClient(azurite.ConnectionString, _deadLetters);
        string? name = null;
        for (var i = 0; name is null; i++)
        {
            Assert.True(i < 600, "no dead letter was written");
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(50);
            if (await container.ExistsAsync())
            {
                name = container.GetBlobs().FirstOrDefault()?.Name;
            }
        }

        Assert.Matches($"^{subscription}/[0-9]{{4}}/[0-9]{{2}}/[0-9]{{2}}/[0-9]{{2}}/[0-9a-f]+\\.json$", name);
        var content = (await container.GetBlobClient(name).DownloadContentAsync()).Value.Content;
        return JsonDocument.Parse(content).RootElement[0];
    }

    private Task<LocalApp> StartAsync(Type functions, SubscriptionOptions? subscription = null, string? folder = null) => LocalApp.StartAsync(
        azurite.ConnectionString,
        [functions],
        b => b.Services.AddSingleton<TimeProvider>(_time),
        o => o with
        {
            DataDirectory = folder ?? o.DataDirectory,
            EventGrid = new EventGridOptions { WatchedContainer = null, Subscriptions = subscription is null ? [] : [subscription], DeadLetterContainer = _deadLetters, DelayScale = 0.1 },
        });

    public sealed class Takes(Recorder recorder)
    {
        [Function("Takes")]
        public void Run([EventGridTrigger] EventGridEvent published) => recorder.Add(published);
    }

    public sealed class TakesMany(Recorder recorder)
    {
        [Function("TakesMany")]
        public void Run([EventGridTrigger(IsBatched = true)] EventGridEvent[] published) => recorder.Add(published.Select(e => e.Id).ToArray());
    }

    public sealed class FailsTwice(Recorder recorder)
    {
        [Function("FailsTwice")]
        public void Run([EventGridTrigger] EventGridEvent published)
        {
            recorder.Add(published.Id);
            if (recorder.Count < 3)
            {
                throw new InvalidOperationException("not yet");
            }
        }
    }
}
