using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts the function on an HTTP request. The first matching route wins; the prefix is host.json's <c>extensions.http.routePrefix</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Any method, function key.</summary>
    public HttpTriggerAttribute() => AuthLevel = AuthorizationLevel.Function;

    /// <summary>The given methods, function key.</summary>
    public HttpTriggerAttribute(params string[] methods) : this() => Methods = methods;

    /// <summary>Any method, the given key.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

    /// <summary>The given methods and key.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>Route template without a leading slash, with ASP.NET Core constraints and catch-alls; the function's name by default.</summary>
    public string? Route { get; set; }

    /// <summary>The HTTP methods served; all of them when null or empty.</summary>
    public string[]? Methods { get; }

    /// <summary>The key a caller must show; <see cref="AuthorizationLevel.Function"/> by default.</summary>
    public AuthorizationLevel AuthLevel { get; }
}
