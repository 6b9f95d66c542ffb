using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using SameSite = Microsoft.Azure.Functions.Worker.Http.SameSite;

namespace Mlops.Local.Http;

/// <summary>A response in the worker's own types. Writes go straight to the client, so that it can stream; status and headers are taken when the first byte leaves.</summary>
internal sealed class LocalHttpResponseData : HttpResponseData
{
    private readonly LocalHttpCookies _cookies;

    public LocalHttpResponseData(FunctionContext context, HttpContext http) : base(context)
    {
        Body = http.Response.Body;
        _cookies = new LocalHttpCookies(http.Response);
        http.Response.OnStarting(() =>
        {
            Apply(http.Response);
            return Task.CompletedTask;
        });
    }

    public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

    public override HttpHeadersCollection Headers { get; set; } = new();

    public override Stream Body { get; set; }

    public override HttpCookies Cookies => _cookies;

    /// <summary>Whether the function returned this response, or wrote to it: one that it made and dropped leaves no trace.</summary>
    private bool Used { get; set; }

    /// <summary>Completes the response: a body that the function set in place of the client's own is copied.</summary>
    public async Task WriteToAsync(HttpContext http)
    {
        Used = true;
        if (http.Response.HasStarted)
        {
            return;
        }

        Apply(http.Response);
        if (Body != http.Response.Body)
        {
            if (Body.CanSeek)
            {
                Body.Position = 0;
            }

            await Body.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
    }

    private void Apply(HttpResponse response)
    {
        if (!Used && Headers.NonValidated.Count == 0 && StatusCode == HttpStatusCode.OK)
        {
            return;
        }

        response.StatusCode = (int)StatusCode;
        foreach (var (name, values) in Headers.NonValidated)
        {
            response.Headers[name] = values.ToArray();
        }
    }

    private sealed class LocalHttpCookies(HttpResponse response) : HttpCookies
    {
        public override void Append(string name, string value) => response.Cookies.Append(name, value);

        public override void Append(IHttpCookie cookie) => response.Cookies.Append(cookie.Name, cookie.Value, new CookieOptions
        {
            Domain = cookie.Domain,
            Expires = cookie.Expires,
            HttpOnly = cookie.HttpOnly ?? false,
            MaxAge = cookie.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Path = cookie.Path ?? "/",
            Secure = cookie.Secure ?? false,
            SameSite = cookie.SameSite switch
            {
                SameSite.Lax => SameSiteMode.Lax,
                SameSite.Strict => SameSiteMode.Strict,
                SameSite.ExplicitNone => SameSiteMode.None,
                _ => SameSiteMode.Unspecified,
            },
        });

        public override IHttpCookie CreateNew() => new HttpCookie("", "");
    }
}
