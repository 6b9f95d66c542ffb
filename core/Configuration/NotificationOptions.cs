namespace Mlops.Core.Configuration;

/// <summary>Who is told when something happens to a model.</summary>
public sealed record NotificationOptions
{
    /// <summary>Addresses that take events by POST, at most 5. Default none.</summary>
    public IReadOnlyList<string> Webhooks { get; init; } = [];
}
