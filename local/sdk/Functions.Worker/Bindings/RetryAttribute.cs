namespace Microsoft.Azure.Functions.Worker;

/// <summary>Base of the retry policies of one function. Only timers take them here, as on the real host among the triggers supported.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    /// <summary>A policy without retries until they are set.</summary>
    public RetryAttribute()
    {
    }

    /// <summary>Retries after the first try; −1 for no limit.</summary>
    public int MaxRetryCount { get; set; }
}
