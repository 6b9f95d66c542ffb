namespace Mlops.Cli;

/// <summary>An address of the platform.</summary>
internal static class Endpoint
{
    /// <summary>A client with the key of MLOPS_KEY, where one is set: it comes from the environment, so that it is in no log of commands.</summary>
    public static HttpClient Client(string address)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + '/', UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"'{address}' is no address; expected for example https://example.azurewebsites.net.");
        }

        HttpClient client = new() { BaseAddress = uri, Timeout = TimeSpan.FromSeconds(100) };
        if (Environment.GetEnvironmentVariable("MLOPS_KEY") is { Length: > 0 } key)
        {
            client.DefaultRequestHeaders.Add("x-functions-key", key);
        }

        return client;
    }
}
