namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Cookies of a response.</summary>
public abstract class HttpCookies
{
    /// <summary>Adds a cookie.</summary>
    public abstract void Append(string name, string value);

    /// <summary>Adds a cookie.</summary>
    public abstract void Append(IHttpCookie cookie);

    /// <summary>A cookie to fill and add.</summary>
    public abstract IHttpCookie CreateNew();
}
