using Microsoft.AspNetCore.Http;

namespace Mlops.Functions.Hosting;

/// <summary>A refusal that comes from before a function: a problem document (RFC 9457), with the members that clients of the route's own protocol look for.</summary>
internal static class ProtocolProblem
{
    /// <summary>Makes the answer.</summary>
    /// <param name="request">Whom it answers.</param>
    /// <param name="status">The status.</param>
    /// <param name="title">The status in words.</param>
    /// <param name="detail">What was found, what is expected and what to do.</param>
    /// <param name="code">The error code of MLflow's protocol.</param>
    /// <param name="trace">The id under which the log tells more, or null.</param>
    public static IResult Of(HttpRequest request, int status, string title, string detail, string code, string? trace = null)
    {
        Dictionary<string, object> document = new() { ["type"] = "about:blank", ["title"] = title, ["status"] = status, ["detail"] = detail };
        if (trace is not null)
        {
            document["traceId"] = trace;
        }

        if (request.Path.StartsWithSegments("/v2", StringComparison.Ordinal))
        {
            document["error"] = detail;
        }
        else if (IsMlflow(request))
        {
            document["error_code"] = code;
            document["message"] = detail;
        }

        return Api.Json(document, status, "application/problem+json");
    }

    /// <summary>Whether the route is one of MLflow's.</summary>
    public static bool IsMlflow(HttpRequest request) => request.Path.Value?.Contains("/mlflow", StringComparison.Ordinal) == true;
}
