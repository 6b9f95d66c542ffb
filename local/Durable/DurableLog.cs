using Microsoft.Extensions.Logging;

namespace Mlops.Local.Durable;

/// <summary>What the durable engine writes to the log: events 7000–7099.</summary>
internal static partial class DurableLog
{
    /// <summary>The real extension's category, so that host.json's levels apply.</summary>
    public const string Category = "Host.Triggers.DurableTask";

    [LoggerMessage(7000, LogLevel.Information, "Orchestration {Name} started: {InstanceId}")]
    public static partial void Started(this ILogger log, string name, string instanceId);

    [LoggerMessage(7001, LogLevel.Information, "Orchestration {Name} {Status}: {InstanceId}")]
    public static partial void Ended(this ILogger log, string name, string status, string instanceId);

    [LoggerMessage(7002, LogLevel.Error, "Orchestration {Name} failed: {InstanceId}: {Error}")]
    public static partial void Failed(this ILogger log, string name, string instanceId, string error);

    [LoggerMessage(7003, LogLevel.Information, "Activity {Name} done in {Milliseconds} ms: {InstanceId}")]
    public static partial void ActivityDone(this ILogger log, string name, long milliseconds, string instanceId);

    [LoggerMessage(7004, LogLevel.Warning, "Activity {Name} failed: {InstanceId}: {Error}")]
    public static partial void ActivityFailed(this ILogger log, string name, string instanceId, string error);

    [LoggerMessage(7005, LogLevel.Information, "Task hub {Hub}: {Count} unfinished orchestration(s) resumed")]
    public static partial void Recovered(this ILogger log, string hub, int count);

    [LoggerMessage(7006, LogLevel.Information, "Instance {InstanceId} was changed by another process; it is read again")]
    public static partial void ChangedElsewhere(this ILogger log, string instanceId);

    [LoggerMessage(7007, LogLevel.Warning, "Instance {InstanceId} could not be processed or stored; trying again")]
    public static partial void RoundFailed(this ILogger log, Exception exception, string instanceId);

    [LoggerMessage(7008, LogLevel.Warning, "What earlier generations of instance {InstanceId} left could not be removed; it is only unused space")]
    public static partial void TidyFailed(this ILogger log, Exception exception, string instanceId);

    [LoggerMessage(7009, LogLevel.Warning, "Unfinished orchestrations could not be listed; trying again")]
    public static partial void PollFailed(this ILogger log, Exception exception);

    [LoggerMessage(7010, LogLevel.Warning, "A message between instances could not be delivered; trying again")]
    public static partial void WorkFailed(this ILogger log, Exception exception);
}
