namespace Microsoft.DurableTask;

/// <summary>Decides after a failure whether to try again. It runs inside the orchestrator and must be deterministic.</summary>
/// <returns>True to try again at once, false to let the failure through.</returns>
public delegate bool RetryHandler(RetryContext retryContext);
