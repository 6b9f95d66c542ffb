namespace Microsoft.DurableTask;

/// <summary>What a retry handler is told about the last failure.</summary>
/// <param name="OrchestrationContext">The orchestration; a handler may await its timers to wait before the next attempt.</param>
/// <param name="LastAttemptNumber">How many attempts have failed, from 1.</param>
/// <param name="LastFailure">The last failure.</param>
/// <param name="TotalRetryTime">The time since the first attempt was scheduled.</param>
/// <param name="CancellationToken">A token for the whole retry.</param>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);
