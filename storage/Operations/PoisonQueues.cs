using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Mlops.Storage.Operations;

/// <summary>Messages that failed five times: the host set them aside in a queue of the same name with <c>-poison</c>.</summary>
public sealed class PoisonQueues(StorageConnection connection)
{
    /// <summary>Messages shown, and put back by one call, of each queue at most.</summary>
    public const int MaxMessages = 32;

    private const int MaxText = 2_000;

    // A message that is put back twice is handled twice, which is harmless; one that is deleted before it is put back would be lost.
    private static readonly TimeSpan Invisible = TimeSpan.FromMinutes(1);

    /// <summary>What lies in the poison queues, without taking it out.</summary>
    public async Task<IReadOnlyList<PoisonMessage>> PeekAsync(CancellationToken cancellationToken)
    {
        List<PoisonMessage> found = [];
        foreach (string queue in StorageNames.Queues)
        {
            try
            {
                Response<PeekedMessage[]> peeked = await connection.RawQueue(queue + StorageNames.PoisonSuffix).PeekMessagesAsync(MaxMessages, cancellationToken);
                found.AddRange(peeked.Value.Select(message => new PoisonMessage(queue, message.MessageId, message.InsertedOn, Readable(message.Body.ToString()))));
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                // The host makes a poison queue when it first needs it.
            }
        }

        return found;
    }

    /// <summary>Puts messages back where they came from. Returns how many.</summary>
    /// <param name="queue">One of <see cref="StorageNames.Queues"/>.</param>
    /// <param name="cancellationToken">Stops; messages already put back stay there.</param>
    public async Task<int> RequeueAsync(string queue, CancellationToken cancellationToken)
    {
        QueueClient poison = connection.RawQueue(queue + StorageNames.PoisonSuffix);
        QueueMessage[] taken;
        try
        {
            taken = (await poison.ReceiveMessagesAsync(MaxMessages, Invisible, cancellationToken)).Value;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return 0;
        }

        foreach (QueueMessage message in taken)
        {
            // As it came: another encoding would make it another message.
            await connection.RawQueue(queue).SendMessageAsync(message.Body, cancellationToken: cancellationToken);
            await poison.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellationToken);
        }

        return taken.Length;
    }

    // Messages are Base64; what is not is shown as it is, for that may be what is wrong with it.
    private static string Readable(string body)
    {
        byte[] bytes = new byte[body.Length];
        string text = Convert.TryFromBase64String(body, bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : body;
        return text.Length <= MaxText ? text : text[..(MaxText - 1)] + "…";
    }
}

/// <summary>A message that failed.</summary>
/// <param name="Queue">The queue it came from.</param>
/// <param name="Id">Its id.</param>
/// <param name="SetAside">When it was set aside.</param>
/// <param name="Text">What it says, at most 2,000 characters.</param>
public sealed record PoisonMessage(string Queue, string Id, DateTimeOffset? SetAside, string Text);
