using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Publishes the value, or each element of a sequence, to an Event Grid topic. The properties are names of settings, not values.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class EventGridOutputAttribute : OutputBindingAttribute
{
    /// <summary>Name of the setting with the topic's endpoint.</summary>
    public string? TopicEndpointUri { get; set; }

    /// <summary>Name of the setting with the topic's key.</summary>
    public string? TopicKeySetting { get; set; }

    /// <summary>Prefix of settings for an identity-based connection: <c>&lt;Connection&gt;__topicEndpointUri</c>.</summary>
    public string? Connection { get; set; }
}
