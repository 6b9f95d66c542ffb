namespace Mlops.Local.EventGrid;

/// <summary>How one delivery attempt ended.</summary>
/// <param name="Name">Outcome as dead letters name it.</param>
/// <param name="Succeeded">Whether the destination took the event.</param>
/// <param name="MayRetry">Whether another attempt may help.</param>
internal readonly record struct DeliveryOutcome(string Name, bool Succeeded, bool MayRetry)
{
    public static DeliveryOutcome Success { get; } = new("Success", Succeeded: true, MayRetry: false);

    public static DeliveryOutcome Retry(string name) => new(name, Succeeded: false, MayRetry: true);

    public static DeliveryOutcome Refused(string name) => new(name, Succeeded: false, MayRetry: false);
}
