using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Mlops.Functions.Hosting;

/// <summary>
/// The outermost layer of every HTTP request: headers that keep browsers from guessing and running, refusal of what no function takes, an end
/// to what takes too long, and an answer without internals where something fails. Other triggers pass.
/// </summary>
internal sealed class RequestEdge(TimeProvider time, ILogger<RequestEdge> logger) : IFunctionsWorkerMiddleware
{
    /// <summary>How long a request may take; Azure's load balancer gives up ten seconds later, without a word to the client.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(220);

    /// <summary>How long a function that was told to stop is waited for: what it still does with the request must not outlive the request.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => context.GetHttpContext() is { } http ? AnswerAsync(context, http, next) : next(context);

    /// <summary>Runs a function, and answers in its place where it may not run, fails, or takes too long. Then its token fires; one that ends well all the same has done its work, and answers itself.</summary>
    /// <returns>The answer in its place, or null.</returns>
    internal async Task<IResult?> GuardAsync(HttpContext http, Func<CancellationToken, Task> function, CancellationToken cancellationToken)
    {
        Protect(http.Response.Headers);
        if (RequestShape.Refuse(http.Request) is { } refusal)
        {
            return refusal;
        }

        HttpRequest request = http.Request;
        string trace = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task answer = RunAsync(function, stop.Token);
        await answer.WaitAsync(Deadline, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!answer.IsCompleted)
        {
            // What the stop itself sets off may take long or throw, too.
            await Task.WhenAny(Task.WhenAll(stop.CancelAsync(), answer), Task.Delay(Grace, time, CancellationToken.None));
            if (!answer.IsCompletedSuccessfully)
            {
                _ = answer.ContinueWith(late => Log.RequestFailed(logger, late.Exception!, request.Method, "(after its deadline)", trace), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                Log.RequestTooSlow(logger, request.Method, request.Path, Deadline, trace);
                return ProtocolProblem.Of(request, StatusCodes.Status504GatewayTimeout, "Timeout", $"The request took longer than {Deadline.TotalSeconds:0} s and was given up. Send less at once; put large files into the drop zone.", "DEADLINE_EXCEEDED", trace);
            }
        }

        try
        {
            await answer;
            return null;
        }
        catch (Exception exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            if (Bad(exception) is { } bad)
            {
                return ProtocolProblem.Of(request, bad.StatusCode, "Bad request", bad.StatusCode == StatusCodes.Status408RequestTimeout ? "The body came too slowly; expected at least 240 bytes per second." : "The body cannot be read, or is larger than the host takes.", "BAD_REQUEST", trace);
            }

            Log.RequestFailed(logger, exception, request.Method, request.Path, trace);
            return ProtocolProblem.Of(request, StatusCodes.Status500InternalServerError, "Internal error", "The request failed inside the platform. Try again; if it fails again, look for the trace id in the log.", "INTERNAL_ERROR", trace);
        }
    }

    private async Task AnswerAsync(FunctionContext context, HttpContext http, FunctionExecutionDelegate next)
    {
        IResult? instead = await GuardAsync(http, stop => next(new StoppableContext(context, stop)), context.CancellationToken);
        if ((instead ?? context.GetInvocationResult().Value) is IResult answer)
        {
            // Written here and only here: the worker would send what is left as the result to the host a second time, as JSON that nobody reads.
            await answer.ExecuteAsync(http);
            context.GetInvocationResult().Value = Results.Empty;
        }
    }

    // What throws before its first wait fails like everything else.
    private static async Task RunAsync(Func<CancellationToken, Task> function, CancellationToken stop) => await function(stop);

    // Pages replace the policy by one of their own, which lets them have a style, and nothing that runs.
    private static void Protect(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
    }

    // What reads a body may wrap what reading it threw.
    private static BadHttpRequestException? Bad(Exception? exception) => exception switch
    {
        null => null,
        BadHttpRequestException bad => bad,
        AggregateException many => many.InnerExceptions.Select(Bad).FirstOrDefault(inner => inner is not null),
        _ => Bad(exception.InnerException),
    };
}
