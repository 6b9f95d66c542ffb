using System.Collections.Immutable;

namespace Microsoft.DurableTask;

/// <summary>How a client starts an orchestration.</summary>
public record StartOrchestrationOptions
{
    /// <summary>Options with an instance id and a start time.</summary>
    /// <param name="InstanceId">The instance id, at most 256 characters; null means a new id.</param>
    /// <param name="StartAt">When to start; null means now.</param>
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    /// <summary>A copy.</summary>
    public StartOrchestrationOptions(StartOrchestrationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        InstanceId = options.InstanceId;
        StartAt = options.StartAt;
        Tags = options.Tags;
        Version = options.Version;
        DedupeStatuses = options.DedupeStatuses;
    }

    /// <summary>The instance id, at most 256 characters; null (default) means a new id.</summary>
    public string? InstanceId { get; init; }

    /// <summary>When to start; the instance is pending until then. Null (default) means now.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Labels kept with the instance; empty by default.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The version to start; null (default) means the hub's default version.</summary>
    public TaskVersion? Version { get; init; }

    /// <summary>Statuses in which an existing instance of the same id makes the start fail; null (default) means the rule of host.json (<c>overridableExistingInstanceStates</c>).</summary>
    public IReadOnlyList<string>? DedupeStatuses { get; init; }
}
