using System.Globalization;
using System.Text.Json;
using Mlops.Storage;

namespace Mlops.Functions.Arrival;

/// <summary>A file that was written in the drop zone, as an event in the Event Grid or CloudEvents schema tells it.</summary>
/// <param name="BlobName">The blob.</param>
/// <param name="Time">When it was written, or null when the event does not say.</param>
/// <param name="TraceParent">The trace that the event belongs to (the distributed tracing extension of CloudEvents), or null. Unchecked.</param>
internal sealed record BlobCreatedEvent(string BlobName, DateTimeOffset? Time, string? TraceParent)
{
    private const string Subject = $"/blobServices/default/containers/{StorageNames.Drop}/blobs/";

    /// <summary>The blobs of the drop zone that a message tells of, one event or an array of them; events of other kinds are none of ours.</summary>
    /// <exception cref="JsonException">The message is not JSON: it goes to the poison queue for somebody to look at.</exception>
    public static IReadOnlyList<BlobCreatedEvent> Read(string message)
    {
        using JsonDocument document = JsonDocument.Parse(message);
        IEnumerable<JsonElement> events = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray() : [document.RootElement];
        return [.. events.Select(Read).OfType<BlobCreatedEvent>()];
    }

    private static BlobCreatedEvent? Read(JsonElement element) =>
        (Text(element, "eventType") ?? Text(element, "type")) == "Microsoft.Storage.BlobCreated"
        && Text(element, "subject") is { } subject
        && subject.StartsWith(Subject, StringComparison.Ordinal)
            ? new BlobCreatedEvent(subject[Subject.Length..], Moment(Text(element, "eventTime") ?? Text(element, "time")), Text(element, "traceparent"))
            : null;

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
