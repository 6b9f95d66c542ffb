using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Mlops.Core.Access;
using Mlops.Functions.Hosting;

namespace Mlops.Functions.Access;

/// <summary>Decides on a request before its function runs: who asks, whether too often, with which role, for which model.</summary>
public sealed class AccessGuard(AccessOptions options, TokenVerifier tokens, RequestLimits limits, ILogger<AccessGuard> logger)
{
    /// <summary>The answer that refuses a request, or null when it may pass; <see cref="CallerExtensions.Caller"/> then says who asks.</summary>
    /// <param name="http">The request.</param>
    /// <param name="rule">What its function asks for.</param>
    /// <param name="function">The function's name, for the log.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IResult?> RefuseAsync(HttpContext http, RequireRoleAttribute rule, string function, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(rule);
        (Caller? caller, IResult? refusal) = await AdmitAsync(http, rule, function, cancellationToken);
        if (caller is null)
        {
            return refusal;
        }

        http.Features.Set(caller);
        return CheckRole(http, caller, rule, function) ?? CheckModel(http, caller, rule, function);
    }

    private async Task<(Caller? Caller, IResult? Refusal)> AdmitAsync(HttpContext http, RequireRoleAttribute rule, string function, CancellationToken cancellationToken)
    {
        Credentials shown = Credentials.Of(http.Request);
        if (shown.ByBrowser && IsFromAnotherSite(http.Request))
        {
            return (null, Refuse(http, function, StatusCodes.Status403Forbidden, "A page of another site sent this request, and the browser may have added credentials to it. Send it from a program, with the token as bearer."));
        }

        if (!options.IsOn)
        {
            return IsThisMachine(http.Connection.RemoteIpAddress)
                ? (Caller.Local, null)
                : (null, Refuse(http, function, StatusCodes.Status403Forbidden, "Authentication is off, so only this machine is served. Set MlopsAuthentication to 'on' to serve others."));
        }

        if (rule.Role == Role.None)
        {
            // Probes do nothing that would cost more than the refusal, and whoever could use up their rate could have the app taken for dead.
            return (Caller.Anonymous, null);
        }

        // Whoever has proved nothing yet is counted by address, before storage is asked for its token. In Azure many share the address of a front end there:
        // a guesser must not keep out whoever comes with a right token.
        Caller? principal = shown.Token is null && options.TrustsPrincipalHeader ? EntraPrincipal.Read(http.Request) : null;
        bool proven = principal is not null || (shown.Token is { } token && await tokens.IsProvenAsync(token, cancellationToken));
        if (!proven && limits.Count(http.Connection.RemoteIpAddress) is { } wait)
        {
            return (null, AccessRefusal.TooMany(http.Request, wait));
        }

        if ((principal ?? (shown.Token is { } own ? await tokens.FindAsync(own, cancellationToken) : null)) is not { } caller)
        {
            return (null, Refuse(http, function, StatusCodes.Status401Unauthorized, shown.IsShown
                ? "What was shown opens nothing: it is no token of this platform, or one that is not valid any more. Ask an admin for a new one."
                : "This route asks who you are. Send a token of this platform as bearer, or as the password of HTTP Basic; an admin creates one with POST /api/tokens."));
        }

        return limits.Count(caller.Name) is { } pause ? (null, AccessRefusal.TooMany(http.Request, pause)) : (caller, null);
    }

    private IResult? CheckRole(HttpContext http, Caller caller, RequireRoleAttribute rule, string function) => caller.Role >= rule.Role
        ? null
        : Refuse(http, function, StatusCodes.Status403Forbidden, $"This route needs the role '{RoleNames.Of(rule.Role)}'; {caller.Name} has '{RoleNames.Of(caller.Role)}'. Ask an admin for it.", caller.Name);

    private IResult? CheckModel(HttpContext http, Caller caller, RequireRoleAttribute rule, string function)
    {
        if (caller.Models.IsAll || rule.ChecksModels)
        {
            return null;
        }

        return (http.GetRouteValue("name") ?? http.GetRouteValue("model")) is not string model
            ? Refuse(http, function, StatusCodes.Status403Forbidden, $"{caller.Name} reaches the models {caller.Models} only, and this route is about all of them.", caller.Name)
            : caller.Reaches(model) ? null
            : Refuse(http, function, StatusCodes.Status403Forbidden, $"{caller.Name} reaches the models {caller.Models} only.", caller.Name);
    }

    private IResult Refuse(HttpContext http, string function, int status, string detail, string caller = "somebody")
    {
        Log.AccessRefused(logger, function, status, caller);
        return status == StatusCodes.Status401Unauthorized ? AccessRefusal.Unauthorized(http.Request, detail) : AccessRefusal.Forbidden(http.Request, detail);
    }

    // The server of the worker takes the address from X-Forwarded-For, which the Functions host sets anew: no caller chooses it.
    private static bool IsThisMachine(IPAddress? address) => address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    // Browsers say where a request comes from; programs say nothing. Our own pages send no requests that change anything.
    private static bool IsFromAnotherSite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return false;
        }

        string site = request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length > 0
            ? site is not ("same-origin" or "none")
            : request.Headers.Origin.ToString() is { Length: > 0 } origin && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) || from.Authority != request.Host.Value);
    }
}
