using System.Net.Http.Headers;
using System.Text;

namespace Mlops.Cli;

/// <summary>An address of the platform.</summary>
internal static class Endpoint
{
    /// <summary>The environment variable with a token. It comes from there, so that it is in no log of commands.</summary>
    public const string TokenVariable = "MLOPS_TOKEN";

    // Where App Service authentication is on, it examines bearer tokens, and knows those of Entra only: ours go as a password.
    private const string OurTokens = "mlops_";

    /// <summary>A client with the token of MLOPS_TOKEN, where one is set: one of the platform's or one of Entra.</summary>
    public static HttpClient Client(string address)
    {
        if (!Uri.TryCreate(address.TrimEnd('/') + '/', UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"'{address}' is no address; expected for example https://example.azurewebsites.net.");
        }

        HttpClient client = new() { BaseAddress = uri, Timeout = TimeSpan.FromSeconds(100) };
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = Authorization(token);
        }

        return client;
    }

    /// <summary>How a token is shown.</summary>
    internal static AuthenticationHeaderValue Authorization(string token) => token.StartsWith(OurTokens, StringComparison.Ordinal)
        ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"mlops:{token}")))
        : new AuthenticationHeaderValue("Bearer", token);
}
