namespace Mlops.Local.Durable.History;

/// <summary>What a record of an instance's history says.</summary>
internal enum HistoryKind
{
    /// <summary>Arrived: the instance, or its next generation, begins with this input.</summary>
    ExecutionStarted,

    /// <summary>The orchestrator has run on all that arrived up to here; the calls that it made in that turn follow.</summary>
    TurnStarted,

    /// <summary>Call: an activity.</summary>
    TaskScheduled,

    /// <summary>Arrived: an activity's result.</summary>
    TaskCompleted,

    /// <summary>Arrived: an activity's failure.</summary>
    TaskFailed,

    /// <summary>Call: a timer.</summary>
    TimerCreated,

    /// <summary>Arrived: a timer is due.</summary>
    TimerFired,

    /// <summary>Call: a sub-orchestration.</summary>
    SubOrchestrationScheduled,

    /// <summary>Arrived: a sub-orchestration's result.</summary>
    SubOrchestrationCompleted,

    /// <summary>Arrived: a sub-orchestration's failure.</summary>
    SubOrchestrationFailed,

    /// <summary>Call: an event to another instance.</summary>
    EventSent,

    /// <summary>Arrived: an external event.</summary>
    EventRaised,

    /// <summary>A client has paused the instance.</summary>
    ExecutionSuspended,

    /// <summary>A client has resumed the instance.</summary>
    ExecutionResumed,

    /// <summary>A client has ended the instance.</summary>
    ExecutionTerminated,

    /// <summary>The orchestrator has returned or failed.</summary>
    ExecutionCompleted,

    /// <summary>A sub-orchestration is to end with this instance.</summary>
    TerminationSent,

    /// <summary>What was sent to another instance is stored there.</summary>
    Delivered,
}
