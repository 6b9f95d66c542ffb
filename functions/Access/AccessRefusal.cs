using System.Globalization;
using Microsoft.AspNetCore.Http;
using Mlops.Functions.Hosting;

namespace Mlops.Functions.Access;

/// <summary>Refusals as problem documents (RFC 9457), with the members that clients of the route's own protocol look for.</summary>
internal static class AccessRefusal
{
    /// <summary>401: it is not known who asks.</summary>
    public static IResult Unauthorized(HttpRequest request, string detail) =>
        Problem(request, StatusCodes.Status401Unauthorized, "Unauthorized", detail, "UNAUTHENTICATED", "WWW-Authenticate", "Bearer realm=\"mlops\", Basic realm=\"mlops\", charset=\"UTF-8\"");

    /// <summary>403: whoever asks may not.</summary>
    public static IResult Forbidden(HttpRequest request, string detail) => Problem(request, StatusCodes.Status403Forbidden, "Forbidden", detail, "PERMISSION_DENIED");

    /// <summary>429: again later.</summary>
    public static IResult TooMany(HttpRequest request, TimeSpan wait)
    {
        string seconds = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problem(request, StatusCodes.Status429TooManyRequests, "Too many requests", $"Too many requests at once. Try again in {seconds} s.", "REQUEST_LIMIT_EXCEEDED", "Retry-After", seconds);
    }

    private static IResult Problem(HttpRequest request, int status, string title, string detail, string code, string? header = null, string? value = null)
    {
        IResult result = ProtocolProblem.Of(request, status, title, detail, code);
        return header is null ? result : Api.WithHeader(header, value!, result);
    }
}
