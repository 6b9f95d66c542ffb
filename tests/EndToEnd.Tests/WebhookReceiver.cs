using System.Collections.Concurrent;
using System.Net;

namespace Mlops.EndToEnd.Tests;

/// <summary>Somebody on this machine to whom notifications are posted.</summary>
internal sealed class WebhookReceiver : IDisposable
{
    private readonly HttpListener _listener = Listen();
    private readonly Task _serving;

    /// <summary>Takes notifications.</summary>
    /// <param name="status">The status of the answer to the n-th one, from 1.</param>
    public WebhookReceiver(Func<int, int> status) => _serving = ServeAsync(status);

    public string Address => _listener.Prefixes.Single();

    public ConcurrentQueue<(IReadOnlyDictionary<string, string> Headers, string Body)> Received { get; } = new();

    public void Dispose() => _listener.Close();

    private static HttpListener Listen()
    {
        for (int attempt = 0; ; attempt++)
        {
            HttpListener listener = new() { Prefixes = { $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/" } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync(Func<int, int> status)
    {
        while (true)
        {
            HttpListenerContext http;
            try
            {
                http = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Received.Enqueue((http.Request.Headers.AllKeys.ToDictionary(name => name!.ToLowerInvariant(), name => http.Request.Headers[name]!), await new StreamReader(http.Request.InputStream).ReadToEndAsync()));
            http.Response.StatusCode = status(Received.Count);
            http.Response.Close();
        }
    }
}
