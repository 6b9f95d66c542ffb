using System.Collections.Concurrent;
using System.Net;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Somebody on this machine to whom notifications are posted.</summary>
internal sealed class WebhookReceiver : IDisposable
{
    private readonly HttpListener _listener = LocalListener.Start();

    /// <summary>Takes notifications.</summary>
    /// <param name="status">The status of the answer to the n-th one, from 1.</param>
    public WebhookReceiver(Func<int, int> status) => _ = _listener.ServeAsync(http => AnswerAsync(http, status));

    public string Address => _listener.Prefixes.Single();

    public ConcurrentQueue<(IReadOnlyDictionary<string, string> Headers, string Body)> Received { get; } = new();

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync(HttpListenerContext http, Func<int, int> status)
    {
        Received.Enqueue((http.Request.Headers.AllKeys.ToDictionary(name => name!.ToLowerInvariant(), name => http.Request.Headers[name]!), await new StreamReader(http.Request.InputStream).ReadToEndAsync()));
        http.Response.StatusCode = status(Received.Count);
        http.Response.Close();
    }
}
