namespace Microsoft.DurableTask;

/// <summary>Retry with exponential back-off by durable timers.</summary>
/// <remarks>The wait before attempt n + 1 is min(<see cref="FirstRetryInterval"/> · <see cref="BackoffCoefficient"/>ⁿ⁻¹, <see cref="MaxRetryInterval"/>).</remarks>
public class RetryPolicy
{
    private readonly Func<TaskFailureDetails, bool>? _handleFailure;

    /// <summary>Makes a policy.</summary>
    /// <param name="maxNumberOfAttempts">Attempts in all, the first one included; at least 1.</param>
    /// <param name="firstRetryInterval">The wait before the second attempt; greater than zero.</param>
    /// <param name="backoffCoefficient">The factor from one wait to the next; at least 1.</param>
    /// <param name="maxRetryInterval">The longest wait; one hour by default, at least <paramref name="firstRetryInterval"/>.</param>
    /// <param name="retryTimeout">After this time no further attempt begins; unlimited by default, at least <paramref name="firstRetryInterval"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public RetryPolicy(int maxNumberOfAttempts, TimeSpan firstRetryInterval, double backoffCoefficient = 1.0, TimeSpan? maxRetryInterval = null, TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        if (!(backoffCoefficient >= 1.0))
        {
            throw new ArgumentOutOfRangeException(nameof(backoffCoefficient), backoffCoefficient, "The back-off coefficient must be at least 1.");
        }

        RejectShorterThanFirst(maxRetryInterval, firstRetryInterval, nameof(maxRetryInterval));
        RejectShorterThanFirst(retryTimeout, firstRetryInterval, nameof(retryTimeout));
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
    }

    /// <summary>Attempts in all, the first one included.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>The wait before the second attempt.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>The factor from one wait to the next; 1 by default.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>The longest wait; one hour by default.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>After this time no further attempt begins; <see cref="Timeout.InfiniteTimeSpan"/> by default.</summary>
    public TimeSpan RetryTimeout { get; }

    /// <summary>Says which failures are worth a retry; all by default.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init => _handleFailure = value;
    }

    /// <summary>True when the policy retries such a failure.</summary>
    internal bool Handles(TaskFailureDetails failure) => _handleFailure?.Invoke(failure) ?? true;

    /// <summary>The wait after attempt number <paramref name="attempt"/> (from 1) has failed.</summary>
    internal TimeSpan DelayAfter(int attempt)
    {
        double milliseconds = FirstRetryInterval.TotalMilliseconds * Math.Pow(BackoffCoefficient, attempt - 1);
        return MaxRetryInterval != Timeout.InfiniteTimeSpan && milliseconds > MaxRetryInterval.TotalMilliseconds
            ? MaxRetryInterval
            : TimeSpan.FromMilliseconds(Math.Min(milliseconds, TimeSpan.FromDays(36500).TotalMilliseconds));
    }

    private static void RejectShorterThanFirst(TimeSpan? value, TimeSpan first, string name)
    {
        if (value < first && value != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(name, value, $"The value must be at least firstRetryInterval ({first}).");
        }
    }
}
