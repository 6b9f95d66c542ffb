using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Functions.Hosting;

namespace Mlops.Functions.Tests.Hosting;

public class RequestEdgeTests
{
    [Fact]
    public async Task Guard_AFunctionThatFails_AnswersWithATraceAndNoInternals()
    {
        (int status, JsonElement problem, HttpContext http) = await AnswerAsync("/api/models/churn", _ => throw new InvalidOperationException("the key is hunter2"));
        Assert.Equal(500, status);
        Assert.Equal("application/problem+json", http.Response.ContentType);
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/churn/infer", "error")]
    [InlineData("/api/2.0/mlflow/runs/create", "error_code")]
    public async Task Guard_AFailure_HasTheMembersOfTheRoutesProtocol(string path, string member) =>
        Assert.NotEmpty((await AnswerAsync(path, _ => throw new InvalidOperationException())).Problem.GetProperty(member).GetString()!);

    [Fact]
    public async Task Guard_AFunctionThatNeverEnds_IsGivenUp()
    {
        (int status, JsonElement problem, _) = await AnswerAsync("/api/models/churn", _ => new TaskCompletionSource().Task, new AtOnce());
        Assert.Equal(504, status);
        Assert.Contains("220 s", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guard_AFunctionThatTakesTooLong_IsToldToStop_AndEndsBeforeTheAnswer()
    {
        bool stopped = false;
        (int status, _, _) = await AnswerAsync(
            "/api/models/churn",
            async stop =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, stop);
                }
                finally
                {
                    stopped = true;
                }
            },
            new DeadlineAtOnce());
        Assert.Equal(504, status);
        Assert.True(stopped);
    }

    [Fact]
    public async Task Guard_AFunctionThatEndsWellAfterItsDeadline_AnswersItself()
    {
        async Task EndAsync(CancellationToken stop)
        {
            // What cannot be broken off, such as a write that has begun.
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Yield();
        }

        Assert.Null(await Edge(new DeadlineAtOnce()).GuardAsync(Http("/api/models/churn"), EndAsync, CancellationToken.None));
    }

    [Fact]
    public async Task Guard_AFunctionWhoseStopFails_IsGivenUpAllTheSame()
    {
        async Task FailAsync(CancellationToken stop)
        {
            await using CancellationTokenRegistration registration = stop.Register(() => throw new InvalidOperationException("the key is hunter2"));
            await Task.Delay(Timeout.Infinite, stop);
        }

        Assert.Equal(504, (await AnswerAsync("/api/models/churn", FailAsync, new DeadlineAtOnce())).Status);
    }

    [Fact]
    public async Task Guard_AFunctionWhoseStopHangs_IsGivenUpAllTheSame()
    {
        using ManualResetEventSlim end = new();
        async Task HangAsync(CancellationToken stop)
        {
            await using CancellationTokenRegistration registration = stop.Register(() => end.Wait(CancellationToken.None));
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        }

        Assert.Equal(504, (await AnswerAsync("/api/models/churn", HangAsync, new AtOnce())).Status);
        end.Set();
    }

    [Fact]
    public async Task Invoke_AnAnswer_IsWrittenHere_AndNotSentToTheHostAgain()
    {
        DefaultHttpContext http = Http("/api/models");
        Invocation invocation = new("Test") { Items = { ["HttpRequestContext"] = http } };
        await Edge(TimeProvider.System).Invoke(invocation, inner =>
        {
            inner.GetInvocationResult().Value = Results.Text("all of it");
            return Task.CompletedTask;
        });
        Assert.Equal("all of it", Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray()));
        Assert.Same(Results.Empty, invocation.Value);
    }

    [Fact]
    public async Task Invoke_AFunctionThatTakesTooLong_FindsItsOwnTokenFired()
    {
        DefaultHttpContext http = Http("/api/models");
        Invocation invocation = new("Test") { Items = { ["HttpRequestContext"] = http } };
        await Edge(new DeadlineAtOnce()).Invoke(invocation, inner => Task.Delay(Timeout.Infinite, inner.CancellationToken));
        Assert.Equal(504, http.Response.StatusCode);
    }

    [Fact]
    public async Task Guard_AnInvocationThatTheHostCancels_StopsTheFunction()
    {
        using CancellationTokenSource host = new();
        Task<IResult?> answer = Edge(TimeProvider.System).GuardAsync(Http("/api/models/churn"), stop => Task.Delay(Timeout.Infinite, stop), host.Token);
        await host.CancelAsync();
        Assert.NotNull(await answer);
    }

    [Fact]
    public async Task Guard_ATimeoutInsideTheFunction_IsAFailure_NotTheDeadline() =>
        Assert.Equal(500, (await AnswerAsync("/api/models/churn", _ => Task.FromException(new TimeoutException()))).Status);

    [Fact]
    public async Task Guard_ABodyThatTheServerRefuses_KeepsItsStatus_HoweverItIsWrapped() =>
        Assert.Equal(413, (await AnswerAsync("/api/data/churn", _ => Task.FromException(new AggregateException(new IOException("x", new BadHttpRequestException("too large", 413)))))).Status);

    [Fact]
    public async Task Guard_EveryAnswer_CarriesHeadersAgainstBrowsers()
    {
        DefaultHttpContext http = Http("/api/models");
        Assert.Null(await Edge(TimeProvider.System).GuardAsync(http, _ => Task.CompletedTask, CancellationToken.None));
        Assert.Equal("nosniff", http.Response.Headers.XContentTypeOptions);
        Assert.Equal("no-referrer", http.Response.Headers["Referrer-Policy"]);
        Assert.Equal("DENY", http.Response.Headers.XFrameOptions);
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", http.Response.Headers.ContentSecurityPolicy);
    }

    [Theory]
    [InlineData("Content-Encoding", "gzip", 415)]
    [InlineData("Content-Encoding", "identity, br", 415)]
    [InlineData("Content-Encoding", "deflate", 415)]
    public async Task Guard_AHostileHeader_IsRefused_BeforeTheFunctionRuns(string header, string value, int expected) =>
        Assert.Equal(expected, (await AnswerAsync("/api/models/churn/rollback", NotReached, configure: request => request.Headers[header] = value)).Status);

    [Theory]
    [InlineData("/api/models", "?format=json&format=html", 400)]
    [InlineData("/api/models", "many", 400)]
    [InlineData("/api/models", "long", 414)]
    public async Task Guard_AHostileQuery_IsRefused_BeforeTheFunctionRuns(string path, string query, int expected)
    {
        query = query switch
        {
            "many" => "?" + string.Join('&', Enumerable.Range(0, RequestShape.MaximumParameters + 1).Select(i => $"p{i}=1")),
            "long" => "?name=" + new string('a', RequestShape.MaximumQuery),
            _ => query,
        };
        Assert.Equal(expected, (await AnswerAsync(path, NotReached, configure: request => request.QueryString = new QueryString(query))).Status);
    }

    [Fact]
    public async Task Guard_ListsOfMlflow_AndBodiesAsTheyAre_Pass()
    {
        DefaultHttpContext lists = Http("/api/2.0/mlflow/runs/search");
        lists.Request.QueryString = new QueryString("?experiment_ids=1&experiment_ids=2");
        Assert.Null(await Edge(TimeProvider.System).GuardAsync(lists, _ => Task.CompletedTask, CancellationToken.None));
        DefaultHttpContext change = Http("/api/models/churn/rollback");
        change.Request.Headers.ContentEncoding = "identity";
        Assert.Null(await Edge(TimeProvider.System).GuardAsync(change, _ => Task.CompletedTask, CancellationToken.None));
    }

    private static Task NotReached(CancellationToken stop) => throw new InvalidOperationException("The function ran.");

    private static RequestEdge Edge(TimeProvider time) => new(time, NullLogger<RequestEdge>.Instance);

    private static DefaultHttpContext Http(string path)
    {
        DefaultHttpContext http = new() { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        http.Request.Method = "POST";
        http.Request.Path = path;
        http.Response.Body = new MemoryStream();
        return http;
    }

    private static async Task<(int Status, JsonElement Problem, HttpContext Http)> AnswerAsync(string path, Func<CancellationToken, Task> function, TimeProvider? time = null, Action<HttpRequest>? configure = null)
    {
        DefaultHttpContext http = Http(path);
        configure?.Invoke(http.Request);
        IResult answer = (await Edge(time ?? TimeProvider.System).GuardAsync(http, function, CancellationToken.None))!;
        await answer.ExecuteAsync(http);
        http.Response.Body.Position = 0;
        return (http.Response.StatusCode, (await JsonDocument.ParseAsync(http.Response.Body)).RootElement, http);
    }

    // The deadline is over at once, the grace never: only a function that stops ends the wait.
    private sealed class DeadlineAtOnce : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == RequestEdge.Deadline ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }

    // Every wait is over at once.
    private sealed class AtOnce : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
