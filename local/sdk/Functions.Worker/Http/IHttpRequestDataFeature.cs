namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>Gives the request of an invocation.</summary>
public interface IHttpRequestDataFeature
{
    /// <summary>The request; null when there is none.</summary>
    ValueTask<HttpRequestData?> GetHttpRequestDataAsync(FunctionContext context);
}
