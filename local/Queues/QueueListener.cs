using System.Diagnostics;
using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;

namespace Mlops.Local.Queues;

/// <summary>Takes the messages of one queue to one function: in parallel up to the batch size and threshold, at least once, to the poison queue after too many tries.</summary>
/// <remarks>A queue that does not exist is waited for and not created, as on the real host; the poison queue is created when it is needed.</remarks>
internal sealed class QueueListener(FunctionDescriptor function, QueueClient queue, QueueClient poison, QueueSettings settings, TimeSpan visibility, FunctionInvoker invoker, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan s_shortestPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_unreachableDelay = TimeSpan.FromSeconds(2);

    /// <summary>A message that no queue holds, for a run by hand.</summary>
    public static QueueMessage ByHand(string text, DateTimeOffset now) =>
        QueuesModelFactory.QueueMessage(Guid.NewGuid().ToString(), "", BinaryData.FromString(text), 1, now, now, now.AddDays(7));

    /// <summary>Listens until the host stops, then waits for the messages in hand.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var running = new HashSet<Task>();
        var delay = s_shortestPoll;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var messages = await ReceiveAsync(stopping);
                foreach (var message in messages)
                {
                    running.Add(ProcessAsync(message, stopping));
                }

                delay = messages.Length > 0 ? s_shortestPoll : Min(delay * 2, settings.MaxPollingInterval);
                while (running.Count > settings.NewBatchThreshold)
                {
                    running.Remove(await Task.WhenAny(running));
                }

                running.RemoveWhere(t => t.IsCompleted);
                if (messages.Length == 0)
                {
                    await Task.Delay(delay, time, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
        }

        await Task.WhenAll(running);
    }

    /// <summary>Invokes the function with a message.</summary>
    public Task InvokeAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Id"] = message.MessageId,
            ["PopReceipt"] = message.PopReceipt,
            ["DequeueCount"] = message.DequeueCount,
            ["InsertionTime"] = message.InsertedOn,
            ["ExpirationTime"] = message.ExpiresOn,
            ["NextVisibleTime"] = message.NextVisibleOn,
            ["QueueTrigger"] = message.Body.ToString(),
        };
        object value = function.TriggerParameter.ParameterType == typeof(QueueMessage) ? message : message.Body;
        return invoker.InvokeAsync(function, value, data, cancellationToken);
    }

    private async Task<QueueMessage[]> ReceiveAsync(CancellationToken stopping)
    {
        try
        {
            return await queue.ReceiveMessagesAsync(settings.BatchSize, visibility, stopping);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return [];
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.QueueUnreachable(e, queue.Name, s_unreachableDelay);
            await Task.Delay(s_unreachableDelay, time, stopping);
            return [];
        }
    }

    private async Task ProcessAsync(QueueMessage raw, CancellationToken stopping)
    {
        var receipt = new Receipt(raw.PopReceipt);
        try
        {
            if (raw.DequeueCount > settings.MaxDequeueCount)
            {
                await PoisonAsync(raw, receipt, $"tried {raw.DequeueCount - 1} times", stopping);
            }
            else if (Decode(raw) is not { } message)
            {
                await PoisonAsync(raw, receipt, "it is not base64, which host.json's messageEncoding asks for", stopping);
            }
            else
            {
                await TryAsync(raw, message, receipt, stopping);
            }
        }
        catch (Exception e)
        {
            // Deleting or hiding failed: the message becomes visible again by itself.
            if (!stopping.IsCancellationRequested)
            {
                log.SettlingFailed(e, raw.MessageId, queue.Name);
            }
        }
    }

    private async Task TryAsync(QueueMessage raw, QueueMessage message, Receipt receipt, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        using var done = new CancellationTokenSource();
        var renewal = RenewAsync(raw, receipt, done.Token);
        Exception? failure = null;
        try
        {
            await InvokeAsync(message, stopping);
        }
        catch (Exception e)
        {
            failure = e;
        }

        await done.CancelAsync();
        await renewal;
        if (failure is null)
        {
            log.QueueMessage(function.Name, queue.Name, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await queue.DeleteMessageAsync(raw.MessageId, receipt.Value, CancellationToken.None);
            return;
        }

        if (stopping.IsCancellationRequested)
        {
            await queue.UpdateMessageAsync(raw.MessageId, receipt.Value, visibilityTimeout: TimeSpan.Zero, cancellationToken: CancellationToken.None);
            return;
        }

        log.QueueMessageFailed(failure, function.Name, raw.MessageId, queue.Name, raw.DequeueCount, settings.MaxDequeueCount);
        if (raw.DequeueCount >= settings.MaxDequeueCount)
        {
            await PoisonAsync(raw, receipt, $"tried {raw.DequeueCount} times", stopping);
        }
        else
        {
            await queue.UpdateMessageAsync(raw.MessageId, receipt.Value, visibilityTimeout: settings.VisibilityTimeout, cancellationToken: stopping);
        }
    }

    private async Task RenewAsync(QueueMessage raw, Receipt receipt, CancellationToken done)
    {
        while (true)
        {
            try
            {
                await Task.Delay(visibility / 3, time, done);
                var update = await queue.UpdateMessageAsync(raw.MessageId, receipt.Value, visibilityTimeout: visibility, cancellationToken: CancellationToken.None);
                receipt.Value = update.Value.PopReceipt;
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.RenewalFailed(e, raw.MessageId, queue.Name);
            }
        }
    }

    private async Task PoisonAsync(QueueMessage raw, Receipt receipt, string reason, CancellationToken stopping)
    {
        await poison.CreateIfNotExistsAsync(cancellationToken: stopping);
        await poison.SendMessageAsync(raw.Body, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: stopping);
        await queue.DeleteMessageAsync(raw.MessageId, receipt.Value, stopping);
        log.Poisoned(raw.MessageId, queue.Name, poison.Name, reason);
    }

    private QueueMessage? Decode(QueueMessage raw)
    {
        if (!settings.Base64)
        {
            return raw;
        }

        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(raw.Body.ToMemory().Length)];
        return Convert.TryFromBase64String(raw.Body.ToString(), bytes, out var length)
            ? QueuesModelFactory.QueueMessage(raw.MessageId, raw.PopReceipt, BinaryData.FromBytes(bytes.AsMemory(0, length)), raw.DequeueCount, raw.NextVisibleOn, raw.InsertedOn, raw.ExpiresOn)
            : null;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>The message's pop receipt: every renewal gives a new one.</summary>
    private sealed class Receipt(string value)
    {
        public string Value { get; set; } = value;
    }
}
