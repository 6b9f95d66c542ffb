using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Local.Hosting;
using Mlops.Local.Keys;

namespace Mlops.Local.Http;

/// <summary>HTTP triggers: one endpoint per function, from its attribute and host.json's route prefix.</summary>
internal sealed class HttpTriggers : IEndpointContributor
{
    /// <summary>Largest request that the host takes, 100 MiB, unless <c>FUNCTIONS_REQUEST_BODY_SIZE_LIMIT</c> says otherwise.</summary>
    public const long DefaultHostLimitInBytes = 104_857_600;

    private const string HostLimitSetting = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
    private readonly FunctionCatalog _catalog;
    private readonly FunctionInvoker _invoker;
    private readonly HostJson _host;
    private readonly KeyRing _keys;
    private readonly FromBodyFeature _fromBody;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly bool _aspNetCore;
    private readonly long? _bodyLimitInBytes;
    private readonly ILogger<HttpTriggers> _log;

    public HttpTriggers(
        FunctionCatalog catalog,
        FunctionInvoker invoker,
        HostJson host,
        KeyRing keys,
        FromBodyFeature fromBody,
        AppSettings settings,
        IOptions<KestrelServerOptions> kestrel,
        IHostApplicationLifetime lifetime,
        IServiceProvider services,
        ILogger<HttpTriggers> log)
    {
        _catalog = catalog;
        _invoker = invoker;
        _host = host;
        _keys = keys;
        _fromBody = fromBody;
        _lifetime = lifetime;
        _aspNetCore = services.GetService<AspNetCoreIntegration>() is not null;
        _log = log;

        // Two limits hold in Azure: the host's (100 MiB unless set), and that of the worker's own Kestrel (30,000,000 bytes unless the app configures it).
        var ofHost = settings.Find(HostLimitSetting) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : DefaultHostLimitInBytes;
        _bodyLimitInBytes = kestrel.Value.Limits.MaxRequestBodySize is { } ofWorker && _aspNetCore ? Math.Min(ofWorker, ofHost) : ofHost;
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (function, trigger) in _catalog.Of<HttpTriggerAttribute>())
        {
            Check(function, trigger);
            var route = trigger.Route ?? function.Name;
            var pattern = "/" + (_host.RoutePrefix.Length == 0 ? route : $"{_host.RoutePrefix}/{route}").TrimEnd('/');
            RequestDelegate handler = http => HandleAsync(http, function, trigger);
            var endpoint = trigger.Methods is { Length: > 0 } methods
                ? routes.MapMethods(pattern, methods.Select(m => m.ToUpperInvariant()), handler)
                : routes.Map(pattern, handler);
            endpoint.WithDisplayName(function.Name);
        }
    }

    private void Check(FunctionDescriptor function, HttpTriggerAttribute trigger)
    {
        var type = function.TriggerParameter.ParameterType;
        if (type != typeof(HttpRequestData) && !(type == typeof(HttpRequest) && _aspNetCore))
        {
            throw new InvalidOperationException($"Function '{function.Name}': the HTTP trigger is bound to '{type}'; expected HttpRequestData, or HttpRequest after ConfigureFunctionsWebApplication() in Program.cs.");
        }

        var first = _host.RoutePrefix.Length > 0 ? _host.RoutePrefix : (trigger.Route ?? function.Name);
        if (first.Split('/')[0].ToLowerInvariant() is "admin" or "runtime")
        {
            throw new InvalidOperationException($"Function '{function.Name}': routes that begin with 'admin' or 'runtime' belong to the host; found '{first}'.");
        }
    }

    private async Task HandleAsync(HttpContext http, FunctionDescriptor function, HttpTriggerAttribute trigger)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (!_keys.Allows(http.Request, trigger.AuthLevel, function.Name))
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = _bodyLimitInBytes;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _lifetime.ApplicationStopping);
            await _invoker.InvokeAsync(function, http.Request, BindingData(http), context => Prepare(context, http), either.Token);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            _log.RequestFailed(e, http.Request.Method, http.Request.Path, function.Name);
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            http.Response.StatusCode = e is Microsoft.AspNetCore.Http.BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
        }
        finally
        {
            // What goes well goes by silently, or the steps of a pipeline would drown in the requests that watch it.
            LogLevel level = http.Response.StatusCode < StatusCodes.Status400BadRequest ? LogLevel.Debug : LogLevel.Information;
            _log.Request(level, http.Request.Method, http.Request.Path, http.Response.StatusCode, function.Name, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private void Prepare(LocalFunctionContext context, HttpContext http)
    {
        context.Items[FunctionContextExtensions.HttpContextKey] = http;
        var request = new LocalHttpRequestData(context, http);
        context.Features.Set<IHttpRequestDataFeature>(new RequestFeature(request));
        context.Features.Set<IFromBodyConversionFeature>(_fromBody);
        if (context.Function.TriggerParameter.ParameterType == typeof(HttpRequestData))
        {
            context.TriggerValue = request;
        }

        context.Completing = result => WriteAsync(http, context.Function, result);
    }

    private async Task WriteAsync(HttpContext http, FunctionDescriptor function, object? result)
    {
        switch (HttpPart(result))
        {
            case IActionResult action when _aspNetCore:
                await action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
                break;
            case IResult typed when _aspNetCore:
                await typed.ExecuteAsync(http);
                break;
            case LocalHttpResponseData response:
                await response.WriteToAsync(http);
                break;
            case null:
                break;
            case var other:
                _log.NoHttpResult(function.Name, other.GetType().ToString());
                break;
        }
    }

    /// <summary>The response among what a function returned: itself, or the property that is marked as such or is a response by its type.</summary>
    private static object? HttpPart(object? result)
    {
        if (result is null or IActionResult or IResult or HttpResponseData)
        {
            return result;
        }

        var properties = result.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).ToList();
        var property = properties.Find(p => p.IsDefined(typeof(HttpResultAttribute))) ?? properties.Find(p => typeof(HttpResponseData).IsAssignableFrom(p.PropertyType));
        return property is null ? result : property.GetValue(result);
    }

    private static Dictionary<string, object?> BindingData(HttpContext http)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in http.Request.Query)
        {
            data[name] = value.ToString();
        }

        foreach (var (name, value) in http.Request.RouteValues)
        {
            data[name] = value;
        }

        data["Query"] = JsonSerializer.Serialize(http.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()));
        data["Headers"] = JsonSerializer.Serialize(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()));
        return data;
    }

    private sealed class RequestFeature(HttpRequestData request) : IHttpRequestDataFeature
    {
        public ValueTask<HttpRequestData?> GetHttpRequestDataAsync(FunctionContext context) => new(request);
    }
}
