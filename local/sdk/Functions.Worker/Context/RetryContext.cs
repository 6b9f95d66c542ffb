namespace Microsoft.Azure.Functions.Worker;

/// <summary>The retry in progress.</summary>
public abstract class RetryContext
{
    /// <summary>Retries made so far; 0 on the first try.</summary>
    public abstract int RetryCount { get; }

    /// <summary>Retries allowed; −1 for no limit.</summary>
    public abstract int MaxRetryCount { get; }
}
