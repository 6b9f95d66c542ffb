using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Mlops.Local.EventGrid;

/// <summary>Reads the events of a publish request: the Event Grid schema, or CloudEvents 1.0 as one, as a batch, or in binary mode.</summary>
internal static partial class PublishRequest
{
    /// <summary>Most bytes of one request, and so of one event.</summary>
    public const long MaxSizeInBytes = 1_048_576;

    /// <summary>Reads and checks the events.</summary>
    /// <param name="request">The request.</param>
    /// <param name="topic">Resource id of the topic, which events in the Event Grid schema carry.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PublishException">Too large, malformed, or of another schema. All events are refused together.</exception>
    public static async Task<IReadOnlyList<GridEvent>> ReadAsync(HttpRequest request, string topic, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(request, cancellationToken);
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType?.ToLowerInvariant() : null;
        switch (type)
        {
            case "application/cloudevents+json":
                return [CloudEvent(Json(body), "event")];
            case "application/cloudevents-batch+json":
                return Array(body).Select((e, i) => CloudEvent(e, $"event {i}")).ToList();
            case var _ when request.Headers.ContainsKey("ce-specversion"):
                return [CloudEvent(FromHeaders(request, type, body), "event")];
            case "application/json":
                return Array(body).Select((e, i) => EventGridEvent(e, $"event {i}", topic)).ToList();
            default:
                throw PublishException.Malformed($"The content type is '{request.ContentType}'; expected application/json (Event Grid schema), application/cloudevents+json, application/cloudevents-batch+json, or 'ce-' headers.");
        }
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxSizeInBytes)
        {
            throw PublishException.TooLarge(MaxSizeInBytes);
        }

        using var body = new MemoryStream();
        var buffer = new byte[16_384];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxSizeInBytes)
            {
                throw PublishException.TooLarge(MaxSizeInBytes);
            }
        }

        return body.ToArray();
    }

    private static JsonNode? Json(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException e)
        {
            throw PublishException.Malformed($"The body is not JSON: {e.Message}");
        }
    }

    private static JsonArray Array(byte[] body) => Json(body) switch
    {
        JsonArray { Count: > 0 } array => array,
        JsonArray => throw PublishException.Malformed("The array holds no event."),
        _ => throw PublishException.Malformed("The body is not an array; expected a JSON array of events."),
    };

    private static GridEvent EventGridEvent(JsonNode? node, string where, string topic)
    {
        var json = Object(node, where);
        var id = Text(json, "id", where);
        var subject = Text(json, "subject", where);
        var type = Text(json, "eventType", where);
        Time(json, "eventTime", where, required: true);
        if (json["dataVersion"] is not JsonValue version || version.GetValueKind() != JsonValueKind.String)
        {
            throw PublishException.Malformed($"{where}: 'dataVersion' is missing or not a text.");
        }

        if (json["topic"] is { } given && !string.Equals(AsText(given), topic, StringComparison.OrdinalIgnoreCase) && AsText(given) != "")
        {
            throw PublishException.Malformed($"{where}: 'topic' is {given.ToJsonString()}; expected \"{topic}\". Leave it out: the service sets it.");
        }

        if (json["metadataVersion"] is { } metadata && AsText(metadata) is not ("1" or ""))
        {
            throw PublishException.Malformed($"{where}: 'metadataVersion' is {metadata.ToJsonString()}; expected \"1\". Leave it out: the service sets it.");
        }

        json["topic"] = topic;
        json["metadataVersion"] = "1";
        return new GridEvent(id, type, subject, IsCloudEvent: false, json);
    }

    private static GridEvent CloudEvent(JsonNode? node, string where)
    {
        var json = Object(node, where);
        if (AsText(json["specversion"]) != "1.0")
        {
            throw PublishException.Malformed($"{where}: 'specversion' is {json["specversion"]?.ToJsonString() ?? "missing"}; expected \"1.0\".");
        }

        var id = Text(json, "id", where);
        Text(json, "source", where);
        var type = Text(json, "type", where);
        Time(json, "time", where, required: false);
        if (json.ContainsKey("data") && json.ContainsKey("data_base64"))
        {
            throw PublishException.Malformed($"{where}: has both 'data' and 'data_base64'; expected one of them.");
        }

        foreach (var (name, _) in json)
        {
            if (name != "data_base64" && !AttributeName().IsMatch(name))
            {
                throw PublishException.Malformed($"{where}: the attribute name '{name}' is not allowed; expected lower-case letters and digits.");
            }
        }

        return new GridEvent(id, type, json["subject"] is { } subject ? AsText(subject) ?? "" : "", IsCloudEvent: true, json);
    }

    // Binary mode: attributes are percent-encoded headers, the body is the data.
    private static JsonObject FromHeaders(HttpRequest request, string? contentType, byte[] body)
    {
        var json = new JsonObject();
        foreach (var (name, value) in request.Headers.Where(h => h.Key.StartsWith("ce-", StringComparison.OrdinalIgnoreCase)))
        {
            json[name[3..].ToLowerInvariant()] = Uri.UnescapeDataString(value.ToString());
        }

        if (contentType is not null)
        {
            json["datacontenttype"] = request.ContentType;
        }

        if (body.Length > 0)
        {
            if (contentType is null or "application/json" || contentType.EndsWith("+json", StringComparison.Ordinal))
            {
                json["data"] = Json(body);
            }
            else
            {
                json["data_base64"] = Convert.ToBase64String(body);
            }
        }

        return json;
    }

    private static JsonObject Object(JsonNode? node, string where)
    {
        try
        {
            // Detached from its array, and duplicate names found, which JsonObject notices only on first use.
            return node?.DeepClone() is JsonObject json && json.Count >= 0 ? json : throw PublishException.Malformed($"{where}: is not an object.");
        }
        catch (ArgumentException e)
        {
            throw PublishException.Malformed($"{where}: {e.Message}");
        }
    }

    private static string Text(JsonObject json, string name, string where) =>
        AsText(json[name]) is { Length: > 0 } text ? text : throw PublishException.Malformed($"{where}: '{name}' is {json[name]?.ToJsonString() ?? "missing"}; expected a text that is not empty.");

    private static void Time(JsonObject json, string name, string where, bool required)
    {
        if (json[name] is not { } node)
        {
            if (required)
            {
                throw PublishException.Malformed($"{where}: '{name}' is missing; expected an ISO 8601 time.");
            }

            return;
        }

        if (!DateTimeOffset.TryParse(AsText(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
        {
            throw PublishException.Malformed($"{where}: '{name}' is {node.ToJsonString()}; expected an ISO 8601 time.");
        }
    }

    private static string? AsText(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    [GeneratedRegex("^[a-z0-9]+$")]
    private static partial Regex AttributeName();
}
