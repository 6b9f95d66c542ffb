#nullable enable
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Entities as OData JSON: every value that JSON itself does not type carries an annotation <c>name@odata.type</c>.</summary>
internal static class EntityJson
{
    internal const string PartitionKey = "PartitionKey";
    internal const string RowKey = "RowKey";
    internal const string Timestamp = "Timestamp";
    internal const string ETag = "odata.etag";

    private const string TypeSuffix = "@odata.type";
    private const string DateFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    private static readonly JsonWriterOptions s_writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entity as UTF-8 JSON. Properties without a value, the timestamp and the ETag are left out.</summary>
    /// <exception cref="NotSupportedException">A property has a type that tables do not hold.</exception>
    internal static byte[] Write(ITableEntity entity)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_writer))
        {
            json.WriteStartObject();
            json.WriteString(PartitionKey, entity.PartitionKey);
            json.WriteString(RowKey, entity.RowKey);
            foreach (var (name, value) in Values(entity))
            {
                if (value is not null && name is not (PartitionKey or RowKey or Timestamp or ETag))
                {
                    WriteValue(json, name, value);
                }
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>An entity of type <typeparamref name="T"/> from one JSON object of a response.</summary>
    internal static T Read<T>(JsonElement entity)
        where T : class, ITableEntity
    {
        var annotations = new Dictionary<string, string>();
        foreach (var property in entity.EnumerateObject())
        {
            if (property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal))
            {
                annotations[property.Name[..^TypeSuffix.Length]] = property.Value.GetString()!;
            }
        }

        var result = Activator.CreateInstance<T>();
        if (result is IDictionary<string, object?> dictionary)
        {
            foreach (var property in entity.EnumerateObject())
            {
                if (property.Name != ETag && !property.Name.Contains("odata.", StringComparison.Ordinal))
                {
                    dictionary[property.Name] = Value(property, annotations);
                }
            }
        }
        else
        {
            foreach (var (name, info) in EntityProperty.Of(typeof(T)))
            {
                if (info.CanWrite && entity.TryGetProperty(name, out var value))
                {
                    info.SetValue(result, Convert(Value(name, value, annotations), info.PropertyType, name));
                }
            }

            if (entity.TryGetProperty(PartitionKey, out var partition))
            {
                result.PartitionKey = partition.GetString();
            }

            if (entity.TryGetProperty(RowKey, out var row))
            {
                result.RowKey = row.GetString();
            }

            if (entity.TryGetProperty(Timestamp, out var time))
            {
                result.Timestamp = Date(time);
            }
        }

        if (entity.TryGetProperty(ETag, out var etag))
        {
            result.ETag = new ETag(etag.GetString()!);
        }

        return result;
    }

    /// <summary>The properties of an entity by their names in the table.</summary>
    internal static IEnumerable<KeyValuePair<string, object?>> Values(ITableEntity entity) =>
        entity as IDictionary<string, object?>
        ?? EntityProperty.Of(entity.GetType()).Select(p => KeyValuePair.Create(p.Name, p.Info.GetValue(entity)));

    private static void WriteValue(Utf8JsonWriter json, string name, object value)
    {
        var (type, text) = value switch
        {
            string s => (null, s),
            Enum e => (null, e.ToString()),
            long n => ("Edm.Int64", n.ToString(CultureInfo.InvariantCulture)),
            ulong n => ("Edm.Int64", unchecked((long)n).ToString(CultureInfo.InvariantCulture)),
            Guid g => ("Edm.Guid", g.ToString()),
            byte[] b => ("Edm.Binary", System.Convert.ToBase64String(b)),
            BinaryData b => ("Edm.Binary", System.Convert.ToBase64String(b.ToMemory().Span)),
            DateTimeOffset t => ("Edm.DateTime", t.UtcDateTime.ToString(DateFormat, CultureInfo.InvariantCulture)),
            DateTime { Kind: DateTimeKind.Utc } t => ("Edm.DateTime", t.ToString(DateFormat, CultureInfo.InvariantCulture)),
            DateTime t => throw new NotSupportedException($"Property '{name}': the DateTime {t:O} is of kind {t.Kind}; expected Utc. Use DateTime.SpecifyKind, or a DateTimeOffset."),
            double d when !double.IsFinite(d) => ("Edm.Double", double.IsNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity"),
            double => ("Edm.Double", null),
            bool or int => ((string?)null, (string?)null),
            _ => throw new NotSupportedException(
                $"Property '{name}' is of type {value.GetType()}; a table holds string, bool, int, long, double, DateTime, DateTimeOffset, Guid, byte[], BinaryData and enums. Convert it, or mark it [IgnoreDataMember]."),
        };
        if (type is not null)
        {
            json.WriteString(name + TypeSuffix, type);
        }

        switch (value)
        {
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case double number when text is null:
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, text);
                break;
        }
    }

    private static object? Value(JsonProperty property, Dictionary<string, string> annotations) =>
        property.Name == Timestamp ? Date(property.Value) : Value(property.Name, property.Value, annotations);

    private static object? Value(string name, JsonElement value, Dictionary<string, string> annotations)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return annotations.GetValueOrDefault(name) switch
        {
            "Edm.Int64" => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
            "Edm.Double" => value.ValueKind == JsonValueKind.String ? NotFinite(name, value.GetString()!) : value.GetDouble(),
            "Edm.Guid" => value.GetGuid(),
            "Edm.Binary" => value.GetBytesFromBase64(),
            "Edm.DateTime" => Date(value),
            _ => value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                // A Double without annotation always has a decimal point or an exponent.
                JsonValueKind.Number => value.TryGetInt32(out var number) ? (object)number : value.GetDouble(),
                _ => throw new NotSupportedException($"Property '{name}': found JSON of kind {value.ValueKind} in the response; expected a single value."),
            },
        };
    }

    private static double NotFinite(string name, string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" or "INF" => double.PositiveInfinity,
        "-Infinity" or "-INF" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"Property '{name}': found '{text}' of type Edm.Double; expected a number."),
    };

    private static DateTimeOffset Date(JsonElement value) =>
        DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static object? Convert(object? value, Type declared, string name)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        return value switch
        {
            null => null,
            _ when type.IsInstanceOfType(value) => value,
            string text when type.IsEnum => Enum.Parse(type, text),
            DateTimeOffset time when type == typeof(DateTime) => time.UtcDateTime,
            byte[] bytes when type == typeof(BinaryData) => BinaryData.FromBytes(bytes),
            int number when type == typeof(double) => (double)number,
            long number when type == typeof(ulong) => unchecked((ulong)number),
            _ => throw new InvalidOperationException($"Property '{name}' is a {value.GetType().Name} in the table and a {type.Name} in the entity type; make them the same."),
        };
    }
}
