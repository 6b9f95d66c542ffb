namespace Microsoft.DurableTask.Client;

/// <summary>Where an orchestration stands.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>It has begun and has not ended.</summary>
    Running,

    /// <summary>It has ended with a result.</summary>
    Completed,

    /// <summary>It is between two generations; not used by this host.</summary>
    [Obsolete("The ContinuedAsNew status is not used.")]
    ContinuedAsNew,

    /// <summary>It has ended with a failure.</summary>
    Failed,

    /// <summary>Not used.</summary>
    [Obsolete("The Canceled status is not used.")]
    Canceled,

    /// <summary>A client has ended it.</summary>
    Terminated,

    /// <summary>It has been scheduled and has not begun.</summary>
    Pending,

    /// <summary>A client has paused it.</summary>
    Suspended,
}
