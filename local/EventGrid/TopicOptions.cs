namespace Mlops.Local.EventGrid;

/// <summary>A custom topic.</summary>
/// <param name="Name">Its name, part of its address.</param>
/// <param name="Setting">Prefix of the app settings with its address and key: <c>&lt;Setting&gt;__topicEndpointUri</c>, <c>&lt;Setting&gt;__topicKey</c>.</param>
internal sealed record TopicOptions(string Name, string Setting);
