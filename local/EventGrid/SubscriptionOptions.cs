namespace Mlops.Local.EventGrid;

/// <summary>A subscription: which events of a topic go where. Exactly one of <see cref="Queue"/> and <see cref="Webhook"/> is set.</summary>
internal sealed record SubscriptionOptions
{
    public required string Name { get; init; }

    public required string Topic { get; init; }

    /// <summary>Storage queue that takes each event as base64 of its JSON; made at start if it does not exist.</summary>
    public string? Queue { get; init; }

    /// <summary>Address that takes each event by POST. Other than in Azure it is trusted without a handshake.</summary>
    public Uri? Webhook { get; init; }

    public string SubjectBeginsWith { get; init; } = "";

    public string SubjectEndsWith { get; init; } = "";

    public bool IsSubjectCaseSensitive { get; init; }

    /// <summary>Event types taken; all when empty. Compared without case.</summary>
    public IReadOnlyList<string> IncludedEventTypes { get; init; } = [];

    /// <summary>Attempts before an event is given up, 1–30.</summary>
    public int MaxDeliveryAttempts { get; init; } = 30;

    /// <summary>Age at which an event is given up, up to 24 hours.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether the subscription takes an event.</summary>
    public bool Matches(GridEvent published)
    {
        var comparison = IsSubjectCaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return published.Subject.StartsWith(SubjectBeginsWith, comparison)
            && published.Subject.EndsWith(SubjectEndsWith, comparison)
            && (IncludedEventTypes.Count == 0 || IncludedEventTypes.Contains(published.Type, StringComparer.OrdinalIgnoreCase));
    }
}
