using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;
using Mlops.Local.Keys;

namespace Mlops.Local.Admin;

/// <summary>The admin API of the real host: state, functions, and running one by hand. Master key.</summary>
internal sealed class AdminEndpoints(FunctionCatalog catalog, HostJson host, KeyRing keys, IEnumerable<IHandTrigger> triggers, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AdminEndpoints> log) : IEndpointContributor
{
    private readonly long _started = time.GetTimestamp();

    public void Map(IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin");
        admin.AddEndpointFilter(async (context, next) =>
            keys.Allows(context.HttpContext.Request, AuthorizationLevel.Admin) ? await next(context) : Results.Unauthorized());
        admin.MapGet("/host/ping", () => Results.Ok());
        admin.MapPost("/host/ping", () => Results.Ok());
        admin.MapGet("/host/status", Status);
        admin.MapGet("/functions", (HttpRequest request) => catalog.All.Select(f => Describe(f, request)));
        admin.MapGet("/functions/{name}", (string name, HttpRequest request) => catalog.Find(name) is { } function ? Results.Json(Describe(function, request)) : Results.NotFound());
        admin.MapPost("/functions/{name}", (string name, HttpRequest request) => RunAsync(name, request));
    }

    private object Status() => new
    {
        id = "mlops-local",
        state = "Running",
        version = typeof(AdminEndpoints).Assembly.GetName().Version!.ToString(),
        versionDetails = ".NET " + Environment.Version,
        instanceId = Environment.MachineName,
        processUptime = (long)time.GetElapsedTime(_started).TotalMilliseconds,
        processId = Environment.ProcessId,
    };

    private object Describe(FunctionDescriptor function, HttpRequest request)
    {
        var root = $"{request.Scheme}://{request.Host}";
        var definition = LocalFunctionDefinition.Of(function);
        var http = function.Trigger as HttpTriggerAttribute;
        return new
        {
            name = function.Name,
            href = $"{root}/admin/functions/{function.Name}",
            language = "dotnet-isolated",
            isDisabled = false,
            invoke_url_template = http is null ? null : $"{root}/{(host.RoutePrefix.Length > 0 ? host.RoutePrefix + "/" : "")}{http.Route ?? function.Name}",
            config = new
            {
                name = function.Name,
                entryPoint = function.EntryPoint,
                bindings = definition.InputBindings.Concat(definition.OutputBindings)
                    .Select(b => new { name = b.Key, type = b.Value.Type, direction = b.Value.Direction.ToString() }),
            },
        };
    }

    private async Task<IResult> RunAsync(string name, HttpRequest request)
    {
        if (catalog.Find(name) is not { } function)
        {
            return Results.NotFound();
        }

        if (triggers.FirstOrDefault(t => t.Handles(function)) is not { } trigger)
        {
            return Results.BadRequest(new { error = $"Function '{name}' has a {function.TriggerType}, which cannot be run by hand. Call its route, or start it through what triggers it." });
        }

        string input;
        try
        {
            using var body = request.ContentLength == 0 ? null : await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            input = body is not null && body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("input", out var value)
                ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()
                : "";
        }
        catch (JsonException)
        {
            return Results.BadRequest(new { error = "The body is not JSON; expected {\"input\": \"…\"}." });
        }

        // As on the real host, 202 is answered at once and the function runs on.
        _ = RunAsync(trigger, function, input);
        return Results.Accepted();
    }

    private async Task RunAsync(IHandTrigger trigger, FunctionDescriptor function, string input)
    {
        log.ByHand(function.Name);
        try
        {
            await trigger.RunAsync(function, input, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            log.ByHandFailed(e, function.Name);
        }
    }
}
