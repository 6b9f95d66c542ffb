using System.Net;

namespace Mlops.EndToEnd.Tests;

/// <summary>A server of a test's own, on a free port of this machine.</summary>
internal static class LocalListener
{
    /// <summary>Starts one.</summary>
    public static HttpListener Start()
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

    /// <summary>Answers one request after the other until the listener is closed. A sender that went away meanwhile is no reason to stop.</summary>
    public static async Task ServeAsync(this HttpListener listener, Func<HttpListenerContext, Task> answer)
    {
        while (listener.IsListening)
        {
            try
            {
                await answer(await listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Closed, or gone.
            }
        }
    }
}
