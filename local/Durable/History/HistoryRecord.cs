using System.Globalization;

namespace Mlops.Local.Durable.History;

/// <summary>One record of an instance's history. Records are only ever appended.</summary>
internal sealed record HistoryRecord(HistoryKind Kind, DateTimeOffset Time)
{
    /// <summary>The number of the call that this record makes or answers, from 0 in each generation; −1 for other kinds.</summary>
    public int Id { get; init; } = -1;

    /// <summary>The name of the function or event.</summary>
    public string? Name { get; init; }

    /// <summary>The instance called, or an event's receiver.</summary>
    public string? Target { get; init; }

    /// <summary>The input, result, failure or event as text.</summary>
    public string? Payload { get; init; }

    /// <summary>When a timer is due or an instance is to start.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What makes a delivery recognizable when it comes twice; for a start, the keys of events that earlier generations have received, one a line.</summary>
    public string? Key { get; init; }

    /// <summary>True for work that an earlier generation has begun: this generation finishes it and takes no notice of its result.</summary>
    public bool Carried { get; init; }

    /// <summary>A call's version or a sub-orchestration's; null for none given.</summary>
    public string? Version { get; init; }

    /// <summary>True for a call of the orchestrator, which replay must repeat.</summary>
    public bool IsCall => !Carried && Kind is HistoryKind.TaskScheduled or HistoryKind.TimerCreated or HistoryKind.SubOrchestrationScheduled or HistoryKind.EventSent;

    /// <summary>True for what the orchestrator reacts to.</summary>
    public bool IsArrival => !Carried && Kind is HistoryKind.ExecutionStarted or HistoryKind.TaskCompleted or HistoryKind.TaskFailed or HistoryKind.TimerFired
        or HistoryKind.SubOrchestrationCompleted or HistoryKind.SubOrchestrationFailed or HistoryKind.EventRaised;

    /// <summary>The key of work in its instance.</summary>
    public static string WorkKey(int generation, int id) => string.Create(CultureInfo.InvariantCulture, $"{generation}.{id}");

    /// <summary>How messages name a call.</summary>
    public string Describe() => Kind switch
    {
        HistoryKind.TaskScheduled => $"the activity '{Name}'",
        HistoryKind.TimerCreated => "a timer",
        HistoryKind.SubOrchestrationScheduled => $"the sub-orchestration '{Name}'",
        HistoryKind.EventSent => $"the event '{Name}' to instance '{Target}'",
        _ => Kind.ToString(),
    };
}
