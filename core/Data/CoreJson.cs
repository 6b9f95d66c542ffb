using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Core.Data;

/// <summary>The one way core writes JSON documents: camel case, enums by name, nulls left out, unknown members refused on reading.</summary>
internal static class CoreJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 16,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <exception cref="FormatException">The text is not such a document; the message says where.</exception>
    public static T Read<T>(string json, string what)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new FormatException($"The {what} is null; expected an object.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The {what} cannot be read at {e.Path ?? "$"} (line {e.LineNumber + 1}): {e.Message}", e);
        }
    }

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);
}
