using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Queues;

public sealed class QueueTriggerTests(AzuriteFixture azurite)
{
    // Renewed at a third of it: the machine may stand still for the rest.
    private static readonly TimeSpan s_visibility = TimeSpan.FromSeconds(9);
    private readonly string _queue = TestNames.Queue();

    [Fact]
    public async Task Message_IsBoundToAnObjectWithItsData_AndDeleted()
    {
        var queue = await CreateAsync();
        await using var app = await StartAsync(typeof(Typed));
        await SendAsync(queue, """{"name":"a","count":2}""");

        var seen = await app.Recorder.NextAsync<(Item Item, string Text, long Count, string Id)>();

        Assert.Equal(new Item("a", 2), seen.Item);
        Assert.Equal("""{"name":"a","count":2}""", seen.Text);
        Assert.Equal(1, seen.Count);
        Assert.NotEmpty(seen.Id);
        await UntilEmptyAsync(queue);
    }

    [Fact]
    public async Task Message_IsGivenAsTheClientsOwnType_WithItsBodyDecoded()
    {
        var queue = await CreateAsync();
        await using var app = await StartAsync(typeof(Raw));
        await SendAsync(queue, "Zürich");

        Assert.Equal("Zürich", await app.Recorder.NextAsync<string>());
    }

    [Fact]
    public async Task FailingMessage_IsTriedAgain_AndPoisonedAfterMaxDequeueCount()
    {
        var queue = await CreateAsync();
        await using var app = await StartAsync(typeof(Fails), """{ "version": "2.0", "extensions": { "queues": { "maxDequeueCount": 3, "maxPollingInterval": "00:00:00.1" } } }""");
        await SendAsync(queue, "never");

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, await app.Recorder.NextAsync<long>());
        }

        var poisoned = await NextAsync(Client(_queue + "-poison"));
        Assert.Equal("never", Encoding.UTF8.GetString(Convert.FromBase64String(poisoned.Body.ToString())));
        await UntilEmptyAsync(queue);
        Assert.Equal(3, app.Recorder.Count);
    }

    [Fact]
    public async Task MessageThatIsNotBase64_IsPoisoned_WithoutTheFunction()
    {
        var queue = await CreateAsync();
        await using var app = await StartAsync(typeof(Raw));
        await queue.SendMessageAsync("not base64!");

        Assert.Equal("not base64!", (await NextAsync(Client(_queue + "-poison"))).Body.ToString());
        Assert.Equal(0, app.Recorder.Count);
    }

    [Fact]
    public async Task EncodingNone_TakesTextAsItIs()
    {
        var queue = await CreateAsync();
        await using var app = await StartAsync(typeof(Raw), """{ "version": "2.0", "extensions": { "queues": { "messageEncoding": "none", "maxPollingInterval": "00:00:00.1" } } }""");
        await queue.SendMessageAsync("plain");

        Assert.Equal("plain", await app.Recorder.NextAsync<string>());
    }

    [Fact]
    public async Task MissingQueue_IsNotCreated_AndServedOnceItExists()
    {
        await using var app = await StartAsync(typeof(Raw));
        Assert.False(await Client(_queue).ExistsAsync());

        await SendAsync(await CreateAsync(), "late");

        Assert.Equal("late", await app.Recorder.NextAsync<string>());
    }

    [Fact]
    public async Task LongRunningMessage_StaysHidden_AndRunsOnce()
    {
        var queue = await CreateAsync();
        await using var app = await LocalApp.StartAsync(azurite.ConnectionString, [typeof(Slow)], options: o => Named(o) with { MessageVisibility = s_visibility });
        await SendAsync(queue, "slow");

        Assert.Equal(1, await app.Recorder.NextAsync<long>());
        await UntilEmptyAsync(queue);
        Assert.Equal(1, app.Recorder.Count);
    }

    [Fact]
    public async Task ManyMessages_AllArrive()
    {
        var queue = await CreateAsync();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => SendAsync(queue, $"m{i}")));
        await using var app = await StartAsync(typeof(Raw));

        var seen = new HashSet<string>();
        while (seen.Count < 60)
        {
            seen.Add(await app.Recorder.NextAsync<string>());
        }

        await UntilEmptyAsync(queue);
    }

    [Fact]
    public async Task ByHand_RunsTheFunctionWithTheInput()
    {
        await using var app = await StartAsync(typeof(Typed));

        var response = await app.Client.PostAsync("admin/functions/typed", new StringContent("""{"input":"{\"name\":\"hand\",\"count\":1}"}"""));

        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("hand", (await app.Recorder.NextAsync<(Item Item, string Text, long Count, string Id)>()).Item.Name);
    }

    private static Task SendAsync(QueueClient queue, string text) => queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));

    private static async Task<QueueMessage> NextAsync(QueueClient queue)
    {
        for (var i = 0; ; i++)
        {
            Assert.True(i < 600, $"no message came into {queue.Name}");
            if (await queue.ExistsAsync() && (await queue.ReceiveMessageAsync()).Value is { } message)
            {
                return message;
            }

            await Task.Delay(50);
        }
    }

    private static async Task UntilEmptyAsync(QueueClient queue)
    {
        for (var i = 0; (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount > 0; i++)
        {
            Assert.True(i < 600, $"{queue.Name} was not emptied");
            await Task.Delay(50);
        }
    }

    private Mlops.Local.Hosting.LocalOptions Named(Mlops.Local.Hosting.LocalOptions options) => options with { Settings = new Dictionary<string, string?> { ["Queue"] = _queue } };

    private Task<LocalApp> StartAsync(Type functions, string? hostJson = null) => hostJson is null
        ? LocalApp.StartAsync(azurite.ConnectionString, [functions], options: Named)
        : LocalApp.StartAsync(azurite.ConnectionString, [functions], options: Named, hostJson: hostJson);

    private async Task<QueueClient> CreateAsync()
    {
        var queue = Client(_queue);
        await queue.CreateAsync();
        return queue;
    }

    private QueueClient Client(string name) => new(azurite.ConnectionString, name);

    public sealed record Item(string Name, int Count);

    public sealed class Typed(Recorder recorder)
    {
        [Function("Typed")]
        public void Run([QueueTrigger("%Queue%")] Item item, string queueTrigger, long dequeueCount, string id) => recorder.Add((item, queueTrigger, dequeueCount, id));
    }

    public sealed class Raw(Recorder recorder)
    {
        [Function("Raw")]
        public Task RunAsync([QueueTrigger("%Queue%")] QueueMessage message)
        {
            recorder.Add(message.Body.ToString());
            return Task.CompletedTask;
        }
    }

    public sealed class Fails(Recorder recorder)
    {
        [Function("Fails")]
        public async Task RunAsync([QueueTrigger("%Queue%")] string message, long dequeueCount)
        {
            await Task.Yield();
            recorder.Add(dequeueCount);
            throw new InvalidOperationException(message);
        }
    }

    public sealed class Slow(Recorder recorder)
    {
        [Function("Slow")]
        public async Task RunAsync([QueueTrigger("%Queue%")] string message, long dequeueCount, CancellationToken cancellationToken)
        {
            recorder.Add(dequeueCount);
            await Task.Delay(2 * s_visibility, cancellationToken);
        }
    }
}
