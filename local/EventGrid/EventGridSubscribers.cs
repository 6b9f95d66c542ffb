using Microsoft.Azure.Functions.Worker;
using Mlops.Local.Hosting;
using Mlops.Local.Keys;

namespace Mlops.Local.EventGrid;

/// <summary>Subscribes every function with an Event Grid trigger to every custom topic, through the host's own webhook.</summary>
internal sealed class EventGridSubscribers(FunctionCatalog catalog, LocalOptions options, KeyRing keys)
{
    /// <summary>Name of the system key that opens the webhook.</summary>
    public const string SystemKey = "eventgrid_extension";

    public IReadOnlyList<SubscriptionOptions> Subscriptions { get; } = (
        from function in catalog.Of<EventGridTriggerAttribute>()
        from topic in options.EventGrid.Topics
        select new SubscriptionOptions
        {
            Name = $"{topic.Name}-{function.Function.Name}",
            Topic = topic.Name,
            Webhook = new Uri($"http://127.0.0.1:{options.Port}{EventGridTriggers.Path}?functionName={function.Function.Name}&code={Uri.EscapeDataString(keys.Extension(SystemKey))}"),
        }).ToList();
}
