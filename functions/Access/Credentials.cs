using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Mlops.Core.Access;

namespace Mlops.Functions.Access;

/// <summary>What a request shows in <c>Authorization</c>: a token as bearer, or as the password of HTTP Basic with any user name, which is what MLflow's clients send.</summary>
/// <param name="IsShown">Whether there is anything.</param>
/// <param name="Token">The token, or null when it is none of ours.</param>
/// <param name="ByBrowser">Whether a browser may have added it by itself, to a request that another site's page made.</param>
internal readonly record struct Credentials(bool IsShown, AccessToken? Token, bool ByBrowser)
{
    private const int MaximumLength = 1024;

    public static Credentials Of(HttpRequest request)
    {
        StringValues header = request.Headers.Authorization;
        if (StringValues.IsNullOrEmpty(header))
        {
            return new Credentials(false, null, true);
        }

        if (header.Count != 1 || header[0] is not { Length: <= MaximumLength } text || !AuthenticationHeaderValue.TryParse(text, out AuthenticationHeaderValue? value))
        {
            return new Credentials(true, null, true);
        }

        bool basic = string.Equals(value.Scheme, "Basic", StringComparison.OrdinalIgnoreCase);
        string? shown = basic ? Password(value.Parameter) : string.Equals(value.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase) ? value.Parameter : null;
        return new Credentials(true, AccessToken.TryParse(shown, out AccessToken? token) ? token : null, basic);
    }

    private static string? Password(string? parameter)
    {
        byte[] bytes = new byte[MaximumLength];
        if (parameter is null || !Convert.TryFromBase64String(parameter, bytes, out int length))
        {
            return null;
        }

        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }
}
