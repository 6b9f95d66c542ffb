using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Http;
using Mlops.Local.Keys;

namespace Mlops.Local.EventGrid;

/// <summary>Who may publish: the holder of the topic's key, or of a token signed with it.</summary>
internal static class TopicAuthentication
{
    private const string Scheme = "SharedAccessSignature ";

    /// <summary>Checks <c>aeg-sas-key</c>, <c>aeg-sas-token</c> or <c>Authorization: SharedAccessSignature</c>.</summary>
    /// <exception cref="PublishException">No credential, or not a valid one.</exception>
    public static void Check(HttpRequest request, string path, string key, DateTimeOffset now)
    {
        if (request.Headers.TryGetValue("aeg-sas-key", out var shown))
        {
            if (!KeyRing.Same(shown.ToString(), key))
            {
                throw PublishException.Unauthorized("The key in 'aeg-sas-key' is not this topic's.");
            }

            return;
        }

        var authorization = request.Headers.Authorization.ToString();
        var token = request.Headers.TryGetValue("aeg-sas-token", out var header) ? header.ToString()
            : authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..]
            : throw PublishException.Unauthorized("The request has no credential; expected the header 'aeg-sas-key', 'aeg-sas-token' or 'Authorization: SharedAccessSignature …'. Entra tokens are not taken by the local topic.");
        CheckToken(token, path, key, now);
    }

    // r={resource}&e={expiry}&s={signature}, each URL-encoded; the signature covers the text before "&s=".
    private static void CheckToken(string token, string path, string key, DateTimeOffset now)
    {
        var end = token.LastIndexOf("&s=", StringComparison.Ordinal);
        var fields = HttpUtility.ParseQueryString(token);
        if (end < 0 || fields["r"] is not { } resource || fields["e"] is not { } expiry || fields["s"] is not { } signature)
        {
            throw PublishException.Unauthorized("The token is not of the form 'r={resource}&e={expiry}&s={signature}'.");
        }

        var expected = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(token[..end])));
        if (!KeyRing.Same(signature, expected))
        {
            throw PublishException.Unauthorized("The token's signature is not made with this topic's key.");
        }

        if (!DateTimeOffset.TryParse(expiry, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires) || expires <= now)
        {
            throw PublishException.Unauthorized($"The token has expired, or its expiry '{expiry}' is not a time.");
        }

        if (!Uri.TryCreate(resource, UriKind.Absolute, out var uri) || !path.StartsWith(uri.AbsolutePath.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
        {
            throw PublishException.Unauthorized($"The token is for '{resource}', not for this topic.");
        }
    }
}
