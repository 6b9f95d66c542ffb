using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mlops.Core.Data;
using Mlops.Storage;

namespace Mlops.Functions.Hosting;

/// <summary>The forms of our HTTP answers: JSON in camelCase, problems as RFC 9457 documents, pages that may run no script.</summary>
internal static class Api
{
    // People read these answers in a terminal: quotes and umlauts stay what they are. The content type keeps browsers from taking them for HTML.
    private static readonly JsonSerializerOptions Readable = new(StorageJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>200 with a value as JSON.</summary>
    public static IResult Json<T>(T value, int status = StatusCodes.Status200OK, string contentType = "application/json; charset=utf-8") => Results.Json(value, Readable, contentType, status);

    /// <summary>An answer with one header more.</summary>
    public static IResult WithHeader(string name, string value, IResult inner) => new HeaderResult(name, value, inner);

    /// <summary>202 with where to look.</summary>
    public static IResult Accepted<T>(string location, T value) => WithHeader("Location", location, Json(value, StatusCodes.Status202Accepted));

    /// <summary>A problem that names everything wrong at once.</summary>
    public static IResult Problem(int status, string title, string detail, IReadOnlyList<string>? errors = null) =>
        Results.Json(new { type = "about:blank", title, status, detail, errors }, Readable, "application/problem+json", status);

    /// <summary>400.</summary>
    public static IResult BadRequest(string detail, IReadOnlyList<string>? errors = null) => Problem(StatusCodes.Status400BadRequest, "Bad request", detail, errors);

    /// <summary>404.</summary>
    public static IResult NotFound(string detail) => Problem(StatusCodes.Status404NotFound, "Not found", detail);

    /// <summary>404 for a model that nobody has sent data of.</summary>
    public static IResult UnknownModel(ModelName model) => NotFound($"Model '{model}' is not known. Drop data under data/{model}/ or POST it to /api/data/{model}?name=file.csv.");

    /// <summary>409.</summary>
    public static IResult Conflict(string detail) => Problem(StatusCodes.Status409Conflict, "Conflict", detail);

    /// <summary>A page.</summary>
    public static IResult Page(string html) =>
        WithHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'none'", Results.Content(html, "text/html; charset=utf-8"));

    /// <summary>Reads a model's name from a route; the problem when it is none.</summary>
    public static bool TryModel(string text, out ModelName model, out IResult problem)
    {
        bool valid = ModelName.TryParse(text, out model, out string? error);
        problem = valid ? Results.Empty : BadRequest(error!);
        return valid;
    }

    /// <summary>Reads a JSON body of at most <paramref name="maximumBytes"/> bytes and 32 levels; the problem when it is none.</summary>
    public static async Task<(JsonDocument? Document, IResult Problem)> ReadJsonAsync(HttpRequest request, int maximumBytes, CancellationToken cancellationToken)
    {
        (JsonDocument? document, int status, string detail) = await ReadDocumentAsync(request, maximumBytes, cancellationToken);
        return (document, document is not null ? Results.Empty : Problem(status, Title(status), detail));
    }

    /// <summary>Reads a JSON body as <see cref="ReadJsonAsync"/> does, for protocols with an error form of their own.</summary>
    public static async Task<(JsonDocument? Document, int Status, string Detail)> ReadDocumentAsync(HttpRequest request, int maximumBytes, CancellationToken cancellationToken)
    {
        if (RequestShape.JsonFault(request) is { } fault)
        {
            return (null, StatusCodes.Status415UnsupportedMediaType, fault);
        }

        string tooLong = $"The body is longer than {maximumBytes} bytes. Send the rows in several requests.";
        if (request.ContentLength > maximumBytes)
        {
            return (null, StatusCodes.Status413PayloadTooLarge, tooLong);
        }

        using MemoryStream body = new();
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > maximumBytes)
            {
                return (null, StatusCodes.Status413PayloadTooLarge, tooLong);
            }

            body.Write(buffer, 0, read);
        }

        ReadOnlyMemory<byte> content = body.GetBuffer().AsMemory(0, (int)body.Length);
        try
        {
            JsonText.RequireUnicode(content.Span);
            return (JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = JsonText.MaximumDepth, AllowDuplicateProperties = false }), StatusCodes.Status200OK, string.Empty);
        }
        catch (JsonException exception)
        {
            return (null, StatusCodes.Status400BadRequest, $"The body is not JSON: {exception.Message} Expected a JSON document in UTF-8.");
        }
    }

    private static string Title(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "Content too large",
        StatusCodes.Status415UnsupportedMediaType => "Unsupported media type",
        _ => "Bad request",
    };

    private sealed class HeaderResult(string name, string value, IResult inner) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => (inner as IStatusCodeHttpResult)?.StatusCode;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers[name] = value;
            return inner.ExecuteAsync(httpContext);
        }
    }
}
