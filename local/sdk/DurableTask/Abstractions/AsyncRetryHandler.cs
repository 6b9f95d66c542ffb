namespace Microsoft.DurableTask;

/// <summary>Decides after a failure whether to try again. It runs inside the orchestrator, must be deterministic and may await durable timers.</summary>
/// <returns>True to try again at once, false to let the failure through.</returns>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
