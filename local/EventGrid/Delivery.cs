namespace Mlops.Local.EventGrid;

/// <summary>One event on its way to one subscription. What is in a file of it survives the process.</summary>
internal sealed record Delivery
{
    public required string Id { get; init; }

    public required string Subscription { get; init; }

    public required GridEvent Event { get; init; }

    public required DateTimeOffset PublishTime { get; init; }

    /// <summary>Attempts made so far.</summary>
    public int Attempts { get; init; }

    /// <summary>When to try again; null for now.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>How the last attempt ended, such as <c>NotFound</c> or <c>TimedOut</c>.</summary>
    public string LastOutcome { get; init; } = "";
}
