using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Mlops.Local.Hosting;

/// <summary>host.json as the embedded host reads it, with the real host's defaults. A setting <c>AzureFunctionsJobHost__a__b</c> overrides the value at <c>a.b</c>.</summary>
internal sealed class HostJson
{
    private const string OverridePrefix = "AzureFunctionsJobHost";
    private readonly string _source;

    private HostJson(JsonObject root, string source)
    {
        _source = source;
        if (Text(root, "version") is not "2.0")
        {
            throw new InvalidDataException($"{source}: 'version' is {root["version"]?.ToJsonString() ?? "missing"}; expected \"2.0\".");
        }

        FunctionTimeout = Text(root, "functionTimeout") switch
        {
            null => TimeSpan.FromMinutes(30),
            "-1" => null,
            var text => Span(text, "functionTimeout"),
        };
        var extensions = Section(root, "extensions");
        RoutePrefix = (Text(Section(extensions, "http"), "routePrefix") ?? "api").Trim('/');
        var queues = Section(extensions, "queues");
        Queues = new QueueSettings(
            Number(queues, "batchSize", 16, 1, 32),
            Number(queues, "newBatchThreshold", Number(queues, "batchSize", 16, 1, 32) / 2, 0, 1000),
            Number(queues, "maxDequeueCount", 5, 1, int.MaxValue),
            Span(queues, "visibilityTimeout", TimeSpan.Zero),
            Span(queues, "maxPollingInterval", TimeSpan.FromMinutes(1)),
            (Text(queues, "messageEncoding") ?? "base64").ToLowerInvariant() switch
            {
                "base64" => true,
                "none" => false,
                var other => throw Wrong("extensions.queues.messageEncoding", other, "\"base64\" or \"none\""),
            });
        var blobs = Section(extensions, "blobs");
        Blobs = new BlobSettings(
            Number(blobs, "maxDegreeOfParallelism", 8 * Environment.ProcessorCount, 1, 10_000),
            Number(blobs, "poisonBlobThreshold", 5, 1, int.MaxValue));
        DurableTask = JsonSerializer.SerializeToElement(Section(extensions, "durableTask") ?? []);
        LogLevels = (Section(Section(root, "logging"), "logLevel") ?? [])
            .ToDictionary(l => l.Key, l => l.Value?.GetValue<string>() ?? "Information", StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Longest run of one invocation; null for no limit. 30 minutes by default, as on Flex Consumption.</summary>
    public TimeSpan? FunctionTimeout { get; }

    /// <summary>Prefix of HTTP routes, without slashes at its ends; <c>api</c> by default.</summary>
    public string RoutePrefix { get; }

    /// <summary>Storage queues.</summary>
    public QueueSettings Queues { get; }

    /// <summary>Blob triggers.</summary>
    public BlobSettings Blobs { get; }

    /// <summary>The section <c>extensions.durableTask</c>; an empty object when there is none.</summary>
    public JsonElement DurableTask { get; }

    /// <summary>Log level by category, <c>default</c> included.</summary>
    public IReadOnlyDictionary<string, string> LogLevels { get; }

    /// <summary>Reads a file and applies overrides from the app's settings.</summary>
    public static HostJson Load(string path, IConfiguration? settings = null) => Parse(File.ReadAllText(path), path, settings);

    /// <summary>Reads text; <paramref name="source"/> names it in messages.</summary>
    public static HostJson Parse(string json, string source = "host.json", IConfiguration? settings = null)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
                ?? throw new InvalidDataException($"{source}: found something other than an object; expected {{ \"version\": \"2.0\", … }}.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{source}: is not JSON: {e.Message}", e);
        }

        if (settings?.GetSection(OverridePrefix) is { } overrides)
        {
            Override(root, overrides);
        }

        return new HostJson(root, source);
    }

    private static void Override(JsonObject target, IConfigurationSection source)
    {
        foreach (var child in source.GetChildren())
        {
            var name = target.Select(p => p.Key).FirstOrDefault(k => string.Equals(k, child.Key, StringComparison.OrdinalIgnoreCase)) ?? child.Key;
            if (child.Value is { } value)
            {
                target[name] = AsJson(value);
            }
            else
            {
                if (target[name] is not JsonObject inner)
                {
                    target[name] = inner = [];
                }

                Override(inner, child);
            }
        }
    }

    private static JsonNode AsJson(string value) =>
        bool.TryParse(value, out var flag) ? JsonValue.Create(flag)
        : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : JsonValue.Create(value);

    private static JsonObject? Section(JsonObject? parent, string name) => parent?[name] as JsonObject;

    private static string? Text(JsonObject? parent, string name) => parent?[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var other => other.ToJsonString(),
    };

    private int Number(JsonObject? parent, string name, int fallback, int low, int high) =>
        Text(parent, name) is not { } text ? fallback
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high ? number
        : throw Wrong($"{parent!.GetPath().TrimStart('$', '.')}.{name}", text, $"a whole number from {low} to {high}");

    private TimeSpan Span(JsonObject? parent, string name, TimeSpan fallback) => Text(parent, name) is { } text ? Span(text, $"{parent!.GetPath().TrimStart('$', '.')}.{name}") : fallback;

    private TimeSpan Span(string text, string where) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero ? span : throw Wrong(where, text, "a time span such as \"00:01:00\"");

    private InvalidDataException Wrong(string where, string found, string expected) => new($"{_source}: '{where}' is {found}; expected {expected}.");
}
