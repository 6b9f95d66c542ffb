using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Request and response of an invocation, in the worker's own types.</summary>
public static class FunctionContextHttpRequestExtensions
{
    /// <summary>The request; null when the function was not started over HTTP.</summary>
    public static ValueTask<HttpRequestData?> GetHttpRequestDataAsync(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IHttpRequestDataFeature>() is { } feature ? feature.GetHttpRequestDataAsync(context) : default;
    }

    /// <summary>The response the function returned; null when it returned something else.</summary>
    public static HttpResponseData? GetHttpResponseData(this FunctionContext context) => context.GetInvocationResult().Value as HttpResponseData;
}
