using System.Net.Http.Headers;

namespace Mlops.Cli;

/// <summary>An address of the platform.</summary>
internal static class Endpoint
{
    /// <summary>The environment variable with a token. It comes from there, so that it is in no log of commands.</summary>
    public const string TokenVariable = "MLOPS_TOKEN";

    /// <summary>A client with the token of MLOPS_TOKEN, where one is set.</summary>
    public static HttpClient Client(string address)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + '/', UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"'{address}' is no address; expected for example https://example.azurewebsites.net.");
        }

        HttpClient client = new() { BaseAddress = uri, Timeout = TimeSpan.FromSeconds(100) };
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }
}
