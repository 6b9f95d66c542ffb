using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Local.Keys;
using Mlops.Local.Tests.Hosting;
using Mlops.TestKit;
using FromBody = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace Mlops.Local.Tests.Http;

public sealed class HttpTriggerTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private LocalApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await LocalApp.StartAsync(azurite.ConnectionString, [typeof(Functions)], builder =>
    {
        builder.Services.AddScoped<Scoped>();
        builder.UseMiddleware(async (context, next) =>
        {
            context.GetHttpContext()!.Response.Headers["x-middleware"] = context.FunctionDefinition.Name;
            await next();
        });
        builder.UseMiddleware<Guard>();
        builder.Use(next => context => next(context.GetHttpContext()!.Request.Path == "/cancelled" ? new Cancelled(context) : context));
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Route_WithConstraint_BindsValueByName()
    {
        Assert.Equal("42", await _app.Client.GetStringAsync("items/42"));
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.GetAsync("items/x")).StatusCode);
    }

    [Fact]
    public async Task Route_WithCatchAll_BindsTheRest() => Assert.Equal("a/b/c", await _app.Client.GetStringAsync("files/a/b/c"));

    [Theory]
    [InlineData("x", HttpStatusCode.InternalServerError)]
    [InlineData("{}", HttpStatusCode.OK)]
    public async Task Query_WithTheNameOfAToken_IsReadAsOne_AsByTheWorker(string value, HttpStatusCode status) =>
        Assert.Equal(status, (await _app.Client.GetAsync($"stream?cancellationToken={Uri.EscapeDataString(value)}")).StatusCode);

    [Fact]
    public async Task OtherMethod_IsNotFound() => Assert.Equal(HttpStatusCode.NotFound, (await _app.Client.PostAsync("items/1", null)).StatusCode);

    [Fact]
    public async Task ActionResult_IsWrittenWithItsStatusAndJson()
    {
        var response = await _app.Client.PostAsJsonAsync("echo", new { name = "penguins", count = 3 });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("{\"name\":\"penguins\",\"count\":3}", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task FromBody_ThatIsNotValid_IsAnEmpty500()
    {
        var malformed = await _app.Client.PostAsync("echo", new StringContent("{ no", Encoding.UTF8, "application/json"));
        var outOfRange = await _app.Client.PostAsJsonAsync("echo", new { name = "penguins", count = 1000 });

        Assert.Equal(HttpStatusCode.InternalServerError, malformed.StatusCode);
        Assert.Equal("", await malformed.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.InternalServerError, outOfRange.StatusCode);
    }

    [Fact]
    public async Task UnhandledException_IsAnEmpty500()
    {
        var response = await _app.Client.GetAsync("fails");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HttpResponseData_IsWrittenWithStatusHeadersAndCookies()
    {
        var response = await _app.Client.PostAsync("data?who=me", new StringContent("body"));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("me: body", await response.Content.ReadAsStringAsync());
        Assert.Equal("1", response.Headers.GetValues("x-test").Single());
        Assert.StartsWith("crumb=yes", response.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpResult_OfAReturnedClass_IsTheResponse() => Assert.Equal("\"part\"", await _app.Client.GetStringAsync("part"));

    [Fact]
    public async Task StreamedResponse_ArrivesWhole() => Assert.Equal(1_000_000, (await _app.Client.GetStringAsync("stream")).Length);

    [Fact]
    public async Task Middleware_RunsAroundTheFunctionAndSeesTheHttpContext()
    {
        var response = await _app.Client.GetAsync("items/1");

        Assert.Equal("Item", response.Headers.GetValues("x-middleware").Single());
    }

    [Fact]
    public async Task MiddlewareClass_ThatSetsTheResultAndGoesNoFurther_AnswersInPlaceOfTheFunction()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "fails");
        request.Headers.Add("x-stop", "yes");

        var response = await _app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("stopped before Mlops.Local.Tests.Http.HttpTriggerTests+Functions.Fails", await response.Content.ReadAsStringAsync());
        Assert.Equal("Fails", response.Headers.GetValues("x-middleware").Single());
    }

    [Fact]
    public async Task ContextOfTheMiddlewaresOwn_IsTheOneThatTheFunctionGets() =>
        Assert.Equal("True True", await _app.Client.GetStringAsync("cancelled"));

    [Fact]
    public async Task ConstructorServices_AreInjectedPerInvocation()
    {
        Assert.NotEqual(await _app.Client.GetStringAsync("scope"), await _app.Client.GetStringAsync("scope"));
    }

    [Fact]
    public async Task Body_OverTheWorkersLimit_Is413()
    {
        // Asked first, the host refuses before the body is sent, also where its answer takes longer than the second that clients wait by default.
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(2) }) { BaseAddress = _app.Client.BaseAddress, Timeout = TimeSpan.FromMinutes(2) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "length") { Content = new ByteArrayContent(new byte[30_000_001]) };
        request.Headers.ExpectContinue = true;

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task SynchronousRead_IsRefused() => Assert.Equal(HttpStatusCode.InternalServerError, (await _app.Client.PostAsync("sync", new StringContent("x"))).StatusCode);

    [Fact]
    public async Task ForeignHostName_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "items/1");
        request.Headers.Host = "rebound.example";

        Assert.Equal(HttpStatusCode.BadRequest, (await _app.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Keys_WhereOn_OpenByLevel()
    {
        await using var app = await LocalApp.StartAsync(azurite.ConnectionString, [typeof(Functions)], builder => builder.Services.AddScoped<Scoped>(), o => o with { EnforceKeys = true });
        var keys = app.Services.GetRequiredService<KeyRing>();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "items/1", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "part", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "part", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "part", keys.Function("Other")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "part", keys.Function("Part")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "part", keys.Host));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "part", keys.Master));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, $"part?code={Uri.EscapeDataString(keys.Master)}", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "scope", keys.Host));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "scope", keys.Master));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, "admin/functions", keys.Host));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, "admin/functions", keys.Master));
    }

    private static async Task<HttpStatusCode> StatusAsync(LocalApp app, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using var response = await app.Client.SendAsync(request);
        return response.StatusCode;
    }

    public sealed record Echo(string Name, [Range(0, 100)] int Count);

    public sealed class Guard : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            if (!context.GetHttpContext()!.Request.Headers.ContainsKey("x-stop"))
            {
                return next(context);
            }

            context.GetInvocationResult().Value = Results.Text($"stopped before {context.FunctionDefinition.EntryPoint}", statusCode: StatusCodes.Status403Forbidden);
            return Task.CompletedTask;
        }
    }

    // All as it was, only the token has fired.
    private sealed class Cancelled(FunctionContext inner) : FunctionContext
    {
        public override CancellationToken CancellationToken { get; } = new(canceled: true);

        public override string InvocationId => inner.InvocationId;

        public override string FunctionId => inner.FunctionId;

        public override TraceContext TraceContext => inner.TraceContext;

        public override BindingContext BindingContext => inner.BindingContext;

        public override RetryContext RetryContext => inner.RetryContext;

        public override IServiceProvider InstanceServices { get; set; } = inner.InstanceServices;

        public override FunctionDefinition FunctionDefinition => inner.FunctionDefinition;

        public override IDictionary<object, object> Items { get; set; } = inner.Items;

        public override IInvocationFeatures Features => inner.Features;
    }

    public sealed class Scoped
    {
        public Guid Id { get; } = Guid.NewGuid();
    }

    public sealed class Answer
    {
        [HttpResult]
        public IActionResult? Result { get; init; }
    }

    public sealed class Functions(Scoped scoped)
    {
        [Function("Item")]
        public IResult Item([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}")] HttpRequest request, int id) => Results.Text(id.ToString(System.Globalization.CultureInfo.InvariantCulture));

        [Function("Files")]
        public IResult Files([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "files/{**rest}")] HttpRequest request, string rest) => Results.Text(rest);

        [Function("Echo")]
        public async Task<IActionResult> EchoAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "echo")] HttpRequest request, [FromBody] Echo body)
        {
            await Task.Yield();
            return new ObjectResult(body) { StatusCode = 201 };
        }

        [Function("Fails")]
        public static IActionResult Fails([HttpTrigger(AuthorizationLevel.Anonymous, Route = "fails")] HttpRequest request) => throw new InvalidOperationException("secret detail");

        [Function("Data")]
        public static async Task<HttpResponseData> DataAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "data")] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.Accepted);
            response.Headers.Add("x-test", "1");
            response.Cookies.Append("crumb", "yes");
            await response.WriteStringAsync($"{request.Query["who"]}: {await request.ReadAsStringAsync()}");
            return response;
        }

        [Function("Part")]
        public static Answer Part([HttpTrigger("get", Route = "part")] HttpRequest request) => new() { Result = new JsonResult("part") };

        [Function("Other")]
        public static Answer Other([HttpTrigger("get", Route = "other")] HttpRequest request) => new();

        [Function("Scope")]
        public IResult Scope([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "scope")] HttpRequest request, FunctionContext context) => Results.Text($"{scoped.Id} {context.GetHttpContext()!.Request.Path}");

        [Function("Cancelled")]
        public static IResult CancelledCall([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "cancelled")] HttpRequest request, FunctionContext context, CancellationToken cancellationToken) =>
            Results.Text($"{cancellationToken.IsCancellationRequested} {context is Cancelled}");

        [Function("Stream")]
        public static async Task StreamAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "stream")] HttpRequest request, CancellationToken cancellationToken)
        {
            for (var i = 0; i < 100; i++)
            {
                await request.HttpContext.Response.WriteAsync(new string('x', 10_000), cancellationToken);
            }
        }

        [Function("Length")]
        public static async Task<IResult> LengthAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "length")] HttpRequest request)
        {
            await request.Body.CopyToAsync(Stream.Null);
            return Results.Ok();
        }

        [Function("Sync")]
        public static IResult Sync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "sync")] HttpRequest request)
        {
            request.Body.CopyTo(Stream.Null);
            return Results.Ok();
        }
    }
}
