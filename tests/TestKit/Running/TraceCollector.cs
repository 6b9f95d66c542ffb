using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Google.Protobuf;

namespace Mlops.TestKit.Running;

/// <summary>An OpenTelemetry collector that keeps the spans it is sent (OTLP over HTTP, protobuf). Source of the fields: opentelemetry-proto, trace.proto.</summary>
public sealed class TraceCollector : IDisposable
{
    private readonly HttpListener _listener = LocalListener.Start();
    private readonly ConcurrentQueue<RecordedSpan> _spans = new();

    /// <summary>Listens on a free port.</summary>
    public TraceCollector() => _ = _listener.ServeAsync(ReceiveAsync);

    /// <summary>Where to send to: the value of OTEL_EXPORTER_OTLP_ENDPOINT.</summary>
    public string Endpoint => _listener.Prefixes.Single().TrimEnd('/');

    /// <summary>The app settings that send traces here, soon after they end.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    /// <summary>What came so far.</summary>
    public IReadOnlyList<RecordedSpan> Spans => [.. _spans];

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task ReceiveAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        if (context.Request.Url!.AbsolutePath == "/v1/traces")
        {
            foreach (var resource in Messages(body.ToArray(), 1))
            {
                foreach (var span in Messages(resource, 2).SelectMany(scope => Messages(scope, 2)))
                {
                    _spans.Enqueue(Span(span));
                }
            }
        }

        context.Response.ContentType = "application/x-protobuf";
        context.Response.Close();
    }

    private static RecordedSpan Span(byte[] span) => new(
        Convert.ToHexStringLower(Messages(span, 1).Single()),
        System.Text.Encoding.UTF8.GetString(Messages(span, 5).Single()),
        Messages(span, 9).ToDictionary(pair => System.Text.Encoding.UTF8.GetString(Messages(pair, 1).Single()), pair => Value(Messages(pair, 2).Single())),
        [.. Messages(span, 13).Select(link => Convert.ToHexStringLower(Messages(link, 1).Single()))]);

    private static string Value(byte[] any)
    {
        var input = new CodedInputStream(any);
        return input.ReadTag() switch
        {
            (1 << 3) | 2 => input.ReadString(),
            (3 << 3) | 0 => input.ReadInt64().ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
    }

    /// <summary>The contents of a message's length-delimited fields of one number.</summary>
    private static IEnumerable<byte[]> Messages(byte[] message, int field)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (tag == (uint)((field << 3) | 2))
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}
