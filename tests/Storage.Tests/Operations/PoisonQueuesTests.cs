using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Mlops.Storage.Operations;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Operations;

public class PoisonQueuesTests(AzuriteFixture azurite)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task RequeueAsync_Messages_GoBackAsTheyCame_AndLeaveThePoisonQueue()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        PoisonQueues queues = new(connection);
        QueueClient encoded = new(azurite.ConnectionString, StorageNames.PlatformEvents + "-poison", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        QueueClient raw = new(azurite.ConnectionString, StorageNames.PlatformEvents + "-poison");
        await encoded.CreateIfNotExistsAsync();
        await encoded.SendMessageAsync("""{"eventType":"Mlops.Drift","subject":"Ä"}""");

        // Nothing that a decoding client would get past.
        await raw.SendMessageAsync("not base64!");

        IReadOnlyList<PoisonMessage> seen = [.. (await queues.PeekAsync(None)).Where(message => message.Queue == StorageNames.PlatformEvents)];
        Assert.Equal(["not base64!", """{"eventType":"Mlops.Drift","subject":"Ä"}"""], seen.Select(message => message.Text).Order(StringComparer.Ordinal));

        Assert.Equal(2, await queues.RequeueAsync(StorageNames.PlatformEvents, None));
        Assert.Equal(0, await queues.RequeueAsync(StorageNames.PlatformEvents, None));
        Assert.DoesNotContain(await queues.PeekAsync(None), message => message.Queue == StorageNames.PlatformEvents);
        PeekedMessage[] back = (await new QueueClient(azurite.ConnectionString, StorageNames.PlatformEvents).PeekMessagesAsync(32)).Value;
        Assert.Contains(back, message => message.MessageText == "not base64!");
        Assert.Contains(back, message => message.MessageText == Convert.ToBase64String("""{"eventType":"Mlops.Drift","subject":"Ä"}"""u8));
    }

    [Fact]
    public async Task PeekAsync_NoPoisonQueue_IsEmpty() =>
        Assert.DoesNotContain(await new PoisonQueues(await Stores.OpenAsync(azurite)).PeekAsync(None), message => message.Queue == StorageNames.BlobEvents);
}
