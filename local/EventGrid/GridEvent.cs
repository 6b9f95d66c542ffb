using System.Text.Json.Nodes;

namespace Mlops.Local.EventGrid;

/// <summary>An accepted event: its JSON as it is delivered, and what filters and logs need of it.</summary>
/// <param name="Id">The publisher's id.</param>
/// <param name="Type">Event type.</param>
/// <param name="Subject">Subject; empty when a CloudEvent has none.</param>
/// <param name="IsCloudEvent">CloudEvents 1.0, or else the Event Grid schema.</param>
/// <param name="Json">The event.</param>
internal sealed record GridEvent(string Id, string Type, string Subject, bool IsCloudEvent, JsonObject Json);
