using Microsoft.DurableTask.Client;

namespace Mlops.Local.Durable.History;

/// <summary>An instance as its row says. Replacing the row commits a turn: records of the history beyond <see cref="Committed"/> do not exist yet.</summary>
internal sealed record InstanceRecord(string InstanceId, string Name)
{
    /// <summary>Tells this start from every other: a start that is repeated after a crash has the same origin, a new one of the same id has not.</summary>
    public required string Origin { get; init; }

    /// <summary>Counts how often the instance has begun anew; the history is that of this generation.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>How many records the history has.</summary>
    public int Committed { get; init; }

    /// <summary>Where the instance stands.</summary>
    public OrchestrationRuntimeStatus Status { get; init; } = OrchestrationRuntimeStatus.Pending;

    /// <summary>True while the host has anything to do for the instance; a start of the host takes up those.</summary>
    public bool Active { get; init; } = true;

    /// <summary>When this generation began.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the row was last replaced.</summary>
    public DateTimeOffset LastUpdatedAt { get; init; }

    /// <summary>When the instance ended; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When the instance is to begin; null for at once.</summary>
    public DateTimeOffset? ScheduledStart { get; init; }

    /// <summary>The version; empty for none.</summary>
    public string Version { get; init; } = "";

    /// <summary>Labels given at the start.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The instance that called this one; null for none.</summary>
    public string? ParentId { get; init; }

    /// <summary>The orchestrator that called this one; null for none.</summary>
    public string? ParentName { get; init; }

    /// <summary>The key of the call in the parent's history; null for none.</summary>
    public string? ParentKey { get; init; }

    /// <summary>The input.</summary>
    public StoredText Input { get; init; }

    /// <summary>The output of an ended instance.</summary>
    public StoredText Output { get; init; }

    /// <summary>What the orchestrator last set.</summary>
    public StoredText CustomStatus { get; init; }

    /// <summary>Why the instance failed, as JSON.</summary>
    public StoredText Failure { get; init; }

    /// <summary>True when payloads of the instance lie in blobs.</summary>
    public bool HasBlobs { get; init; }

    /// <summary>The row's ETag; null before it is first stored.</summary>
    public string? ETag { get; init; }

    /// <summary>True when the instance has ended.</summary>
    public bool IsEnded => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}
