using System.Text.Json;
using Mlops.Storage;

namespace Mlops.Functions.Arrival;

/// <summary>Reads the names of written blobs from an event in the Event Grid or CloudEvents schema, one or an array of them.</summary>
internal static class BlobCreatedEvent
{
    private const string Subject = $"/blobServices/default/containers/{StorageNames.Drop}/blobs/";

    /// <summary>The blobs of the drop zone that the message tells of; events of other kinds are none of ours.</summary>
    /// <exception cref="JsonException">The message is not JSON: it goes to the poison queue for somebody to look at.</exception>
    public static IReadOnlyList<string> BlobNames(string message)
    {
        using JsonDocument document = JsonDocument.Parse(message);
        IEnumerable<JsonElement> events = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.EnumerateArray() : [document.RootElement];
        return [.. events.Select(BlobName).OfType<string>()];
    }

    private static string? BlobName(JsonElement element) =>
        (Text(element, "eventType") ?? Text(element, "type")) == "Microsoft.Storage.BlobCreated"
        && Text(element, "subject") is { } subject
        && subject.StartsWith(Subject, StringComparison.Ordinal)
            ? subject[Subject.Length..]
            : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
