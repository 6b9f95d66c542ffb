namespace Mlops.Local.EventGrid;

/// <summary>Topics and subscriptions of the local Event Grid. The defaults are those that <c>infra/</c> provisions in Azure.</summary>
internal sealed record EventGridOptions
{
    /// <summary>Name of the storage account's system topic.</summary>
    public const string StorageTopic = "storage";

    /// <summary>Custom topics, to which anyone with the key may publish.</summary>
    public IReadOnlyList<TopicOptions> Topics { get; init; } = [new("mlops", "MlopsEvents")];

    /// <summary>Subscriptions. Every function with an Event Grid trigger is subscribed to every custom topic besides.</summary>
    public IReadOnlyList<SubscriptionOptions> Subscriptions { get; init; } =
    [
        new()
        {
            Name = "blob-events",
            Topic = StorageTopic,
            Queue = "blob-events",
            SubjectBeginsWith = "/blobServices/default/containers/drop/blobs/data/",
            IncludedEventTypes = ["Microsoft.Storage.BlobCreated"],
        },
        new() { Name = "platform-events", Topic = "mlops", Queue = "platform-events" },
    ];

    /// <summary>Connection of the watched container, the queues and the dead letters.</summary>
    public string Connection { get; init; } = "MlopsStorage";

    /// <summary>Container whose new blobs raise <c>BlobCreated</c>; null for none.</summary>
    public string? WatchedContainer { get; init; } = "drop";

    /// <summary>Time between two listings of the watched container.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Container of events that were given up.</summary>
    public string DeadLetterContainer { get; init; } = "deadletters";

    /// <summary>Factor on the waits between delivery attempts; 1 by default. Tests lower it.</summary>
    public double DelayScale { get; init; } = 1;
}
