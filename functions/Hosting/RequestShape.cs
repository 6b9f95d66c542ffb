using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Mlops.Functions.Hosting;

/// <summary>What every request must be like, whatever function it is for.</summary>
internal static class RequestShape
{
    /// <summary>Characters of a query at most.</summary>
    public const int MaximumQuery = 8_000;

    /// <summary>Parameters in a query at most.</summary>
    public const int MaximumParameters = 64;

    /// <summary>What is wrong with a request, or null.</summary>
    public static IResult? Refuse(HttpRequest request)
    {
        if (request.QueryString.Value?.Length > MaximumQuery)
        {
            return ProtocolProblem.Of(request, StatusCodes.Status414UriTooLong, "Query too long", $"The query has {request.QueryString.Value.Length} characters; expected at most {MaximumQuery}.", "INVALID_PARAMETER_VALUE");
        }

        if (request.Query.Count > MaximumParameters)
        {
            return ProtocolProblem.Of(request, StatusCodes.Status400BadRequest, "Bad request", $"The query has {request.Query.Count} parameters; expected at most {MaximumParameters}.", "INVALID_PARAMETER_VALUE");
        }

        // MLflow's protocol writes lists so; elsewhere two values of one name are two readings of one request.
        if (!ProtocolProblem.IsMlflow(request) && request.Query.Any(parameter => parameter.Value.Count > 1))
        {
            return ProtocolProblem.Of(request, StatusCodes.Status400BadRequest, "Bad request", "A parameter of the query is given twice; expected once.", "INVALID_PARAMETER_VALUE");
        }

        if (request.Headers.ContentEncoding.Any(encoding => !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase)))
        {
            return ProtocolProblem.Of(request, StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", "Bodies are taken as they are, without Content-Encoding. A compressed file is uploaded under a name that ends with .gz.", "BAD_REQUEST");
        }

        return null;
    }

    /// <summary>
    /// What is wrong with the content type of a JSON body, or null. Absent, it is taken for JSON; so are the types that curl and simple clients
    /// send when they are told none.
    /// </summary>
    public static string? JsonFault(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            return null;
        }

        bool json = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (type.MediaType.Value?.ToLowerInvariant() is "application/json" or "text/plain" or "application/x-www-form-urlencoded" or "application/octet-stream" || string.Equals(type.Suffix.Value, "json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Value?.Trim('"').ToLowerInvariant() is "utf-8" or "utf8" or "us-ascii");
        return json ? null : "The content type is not JSON in UTF-8; expected application/json.";
    }
}
