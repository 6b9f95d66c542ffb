using Microsoft.Extensions.Logging;

namespace Mlops.Local.Hosting;

/// <summary>Everything the embedded host says. Ids: 1–9 host, 10–19 HTTP, 20–29 timers, 30–39 queues, 40–49 blobs, 50–69 Event Grid.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Information, "{Count} functions: {Kinds}")]
    public static partial void Functions(this ILogger log, int count, string kinds);

    [LoggerMessage(3, LogLevel.Information, "Data in {Folder}; storage at {Storage}")]
    public static partial void Data(this ILogger log, string folder, string storage);

    [LoggerMessage(4, LogLevel.Information, "Function keys are required; they are in {File}")]
    public static partial void Keys(this ILogger log, string file);

    [LoggerMessage(5, LogLevel.Information, "Stopping")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(6, LogLevel.Information, "{Function} started by hand")]
    public static partial void ByHand(this ILogger log, string function);

    [LoggerMessage(7, LogLevel.Error, "{Function} failed when started by hand")]
    public static partial void ByHandFailed(this ILogger log, Exception error, string function);

    [LoggerMessage(EventId = 10, Message = "{Method} {Path} → {Status} ({Function}, {Milliseconds} ms)")]
    public static partial void Request(this ILogger log, LogLevel level, string method, string path, int status, string function, long milliseconds);

    [LoggerMessage(11, LogLevel.Error, "{Method} {Path} failed ({Function})")]
    public static partial void RequestFailed(this ILogger log, Exception error, string method, string path, string function);

    [LoggerMessage(12, LogLevel.Warning, "{Function} returned '{Type}', which is no HTTP response; nothing was written. Return IActionResult, IResult or HttpResponseData.")]
    public static partial void NoHttpResult(this ILogger log, string function, string type);

    [LoggerMessage(20, LogLevel.Information, "{Function} ran on schedule ({Milliseconds} ms); next at {Next:u}")]
    public static partial void TimerRan(this ILogger log, string function, long milliseconds, DateTime next);

    [LoggerMessage(21, LogLevel.Error, "{Function} failed on schedule")]
    public static partial void TimerFailed(this ILogger log, Exception error, string function);

    [LoggerMessage(22, LogLevel.Information, "{Function} was due at {Due:u} while the host was down; running it now")]
    public static partial void TimerPastDue(this ILogger log, string function, DateTime due);

    [LoggerMessage(23, LogLevel.Warning, "{Function} failed, retry {Retry} in {Delay}")]
    public static partial void TimerRetry(this ILogger log, Exception error, string function, int retry, TimeSpan delay);

    [LoggerMessage(24, LogLevel.Warning, "{Function}: the schedule's state could not be read or written; it is kept in memory")]
    public static partial void TimerState(this ILogger log, Exception error, string function);

    [LoggerMessage(30, LogLevel.Information, "{Function} took a message from {Queue} ({Milliseconds} ms)")]
    public static partial void QueueMessage(this ILogger log, string function, string queue, long milliseconds);

    [LoggerMessage(31, LogLevel.Error, "{Function} failed on message {Id} of {Queue}, try {Try} of {Tries}")]
    public static partial void QueueMessageFailed(this ILogger log, Exception error, string function, string id, string queue, long @try, int tries);

    [LoggerMessage(32, LogLevel.Warning, "Message {Id} of {Queue} was moved to {Poison}: {Reason}")]
    public static partial void Poisoned(this ILogger log, string id, string queue, string poison, string reason);

    [LoggerMessage(33, LogLevel.Warning, "Queue {Queue} could not be read; trying again in {Delay}")]
    public static partial void QueueUnreachable(this ILogger log, Exception error, string queue, TimeSpan delay);

    [LoggerMessage(34, LogLevel.Warning, "The visibility of message {Id} of {Queue} could not be renewed; another try may run beside this one")]
    public static partial void RenewalFailed(this ILogger log, Exception error, string id, string queue);

    [LoggerMessage(35, LogLevel.Warning, "Message {Id} of {Queue} could not be settled; it will come again")]
    public static partial void SettlingFailed(this ILogger log, Exception error, string id, string queue);

    [LoggerMessage(40, LogLevel.Information, "{Function} took {Blob} ({Milliseconds} ms)")]
    public static partial void Blob(this ILogger log, string function, string blob, long milliseconds);

    [LoggerMessage(41, LogLevel.Error, "{Function} failed on {Blob}, try {Try} of {Tries}")]
    public static partial void BlobFailed(this ILogger log, Exception error, string function, string blob, int @try, int tries);

    [LoggerMessage(42, LogLevel.Warning, "Container {Container} could not be listed; trying again")]
    public static partial void ContainerUnreachable(this ILogger log, Exception error, string container);

    [LoggerMessage(50, LogLevel.Debug, "Topic {Topic} accepted {Count} event(s)")]
    public static partial void EventsAccepted(this ILogger log, string topic, int count);

    [LoggerMessage(51, LogLevel.Information, "{Type} {Subject} → {Subscription}")]
    public static partial void EventDelivered(this ILogger log, string type, string subject, string subscription);

    [LoggerMessage(52, LogLevel.Warning, "{Type} {Subject} was not delivered to {Subscription} (attempt {Attempt}: {Outcome}); trying again in {Delay}")]
    public static partial void EventDeliveryFailed(this ILogger log, string type, string subject, string subscription, int attempt, string outcome, TimeSpan delay);

    [LoggerMessage(53, LogLevel.Error, "{Type} {Subject} was given up for {Subscription} after {Attempts} attempt(s): {Reason}; kept as {Blob}")]
    public static partial void EventDeadLettered(this ILogger log, string type, string subject, string subscription, int attempts, string reason, string blob);

    [LoggerMessage(54, LogLevel.Error, "Event {Id} could not be delivered and could not be dead-lettered; trying again")]
    public static partial void EventStuck(this ILogger log, Exception error, string id);

    [LoggerMessage(55, LogLevel.Error, "{Function} failed on an event")]
    public static partial void EventFunctionFailed(this ILogger log, Exception error, string function);
}
