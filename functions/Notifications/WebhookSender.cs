using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mlops.Core.Configuration;
using Mlops.Storage;
using Mlops.Storage.Notifications;

namespace Mlops.Functions.Notifications;

/// <summary>
/// Posts a notification, signed as Standard Webhooks 1.0.0 says. The address comes from a file that users write: connections are made to public
/// addresses only, decided on what its name resolves to at that moment, through no proxy, and redirects are not followed.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    /// <summary>Time for a whole notification, from the name's resolution to the answer's status.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly HttpClient _http;

    /// <summary>Connects to nothing yet.</summary>
    public WebhookSender(WebhookOptions options, TimeProvider time)
        : this(options, time, Dns.GetHostAddressesAsync)
    {
    }

    internal WebhookSender(WebhookOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _options = options;
        _time = time;
        _resolve = resolve;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null, // The trace is passed on below, and nothing else of the context: baggage is not for strangers.
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
        })
        {
            Timeout = Timeout,
        };
    }

    /// <summary>Posts one notification.</summary>
    /// <returns>Null when it was taken; else why it may not be posted, now or later.</returns>
    /// <exception cref="HttpRequestException">The receiver cannot be reached, or its answer is not 2xx: try again later.</exception>
    /// <exception cref="TaskCanceledException">It took longer than <see cref="Timeout"/>: try again later.</exception>
    public async Task<string?> SendAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_options.Secret is not { } secret)
        {
            return "the setting 'MlopsWebhookSecret' is missing";
        }

        if (!WebhookAddress.TryParse(message.Address, out Uri? address) || (address.Scheme == Uri.UriSchemeHttp && !_options.AllowsLoopback))
        {
            return "the address is not https";
        }

        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new { type = message.Type, timestamp = message.Time, data = new { id = message.Id, model = message.Model, summary = message.Summary } }, StorageJson.Options);
        string timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Sign(secret.Span, message.Id, timestamp, body));
        if (ActivityContext.TryParse(Activity.Current?.Id ?? message.Trace, null, out _))
        {
            request.Headers.Add("traceparent", Activity.Current?.Id ?? message.Trace);
        }

        try
        {
            // The answer's status is all that counts: a body without end is never read.
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            return null;
        }
        catch (HttpRequestException exception) when (exception.InnerException is AddressRefusedException refused)
        {
            return refused.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>The signature header: <c>v1,</c> and the HMAC-SHA256 of <c>{id}.{timestamp}.{body}</c> in base64.</summary>
    internal static string Sign(ReadOnlySpan<byte> secret, string id, string timestamp, byte[] body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));

    // Resolves the name itself and connects to what it checked: a name that resolves to something else a moment later changes nothing.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        string host = context.DnsEndPoint.Host;
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await _resolve(host, cancellationToken);
        if (addresses.FirstOrDefault(address => !PublicAddress.Contains(address) && !(_options.AllowsLoopback && IPAddress.IsLoopback(address))) is { } inside)
        {
            throw new AddressRefusedException($"it leads to {inside}, which is not on the public internet");
        }

        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class AddressRefusedException(string message) : Exception(message);
}
