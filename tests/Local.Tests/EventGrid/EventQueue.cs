using System.Text;
using Azure.Storage.Queues;
using Mlops.TestKit;

namespace Mlops.Local.Tests.EventGrid;

/// <summary>Reads the queues that subscriptions fill.</summary>
internal static class EventQueue
{
    /// <summary>Takes the next event's JSON.</summary>
    public static async Task<string> NextAsync(AzuriteFixture azurite, string queue)
    {
        var client = new QueueClient(azurite.ConnectionString, queue);
        for (var i = 0; ; i++)
        {
            Assert.True(i < 1200, $"no event came into {queue}");
            if ((await client.ReceiveMessageAsync()).Value is { } message)
            {
                await client.DeleteMessageAsync(message.MessageId, message.PopReceipt);
                return Encoding.UTF8.GetString(Convert.FromBase64String(message.Body.ToString()));
            }

            await Task.Delay(50);
        }
    }
}
