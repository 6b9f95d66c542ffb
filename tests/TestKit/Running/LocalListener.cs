using System.Net;

namespace Mlops.TestKit.Running;

/// <summary>A server of a test's own, on a free port of this machine.</summary>
public static class LocalListener
{
    /// <summary>Starts one: a port that was looked up first might be another's by the time it is used, so the next is tried instead.</summary>
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
