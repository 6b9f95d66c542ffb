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

    /// <summary>The next request, or null once it was closed.</summary>
    public static async Task<HttpListenerContext?> NextAsync(this HttpListener listener)
    {
        try
        {
            return await listener.GetContextAsync();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            return null;
        }
    }
}
