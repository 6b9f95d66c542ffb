using System.Globalization;
using System.Text;
using System.Text.Json;
using DurableTask.Core.Exceptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Local.Durable.Client;
using Mlops.Local.Durable.History;
using Mlops.Local.Hosting;
using Mlops.Local.Keys;

namespace Mlops.Local.Durable.Http;

/// <summary>The HTTP management API of the real extension, under <c>/runtime/webhooks/durabletask</c>. Shows the key <c>durabletask_extension</c> where keys are on.</summary>
internal sealed class ManagementEndpoints(LocalDurableTaskClient client, KeyRing keys) : IEndpointContributor
{
    /// <summary>The system key that opens the API.</summary>
    public const string SystemKey = "durabletask_extension";

    private const string Continuation = "x-ms-continuation-token";
    private const int MaxBodyBytes = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(LocalDurableTaskClient.Webhook);
        api.AddEndpointFilter(async (context, next) =>
        {
            if (!keys.Allows(context.HttpContext.Request, AuthorizationLevel.System, systemKey: SystemKey))
            {
                return Results.Unauthorized();
            }

            try
            {
                return await next(context);
            }
            catch (OrchestrationAlreadyExistsException e)
            {
                return Problem(StatusCodes.Status409Conflict, e.Message);
            }
            catch (Exception e) when (e is ArgumentException or JsonException or FormatException)
            {
                return Problem(StatusCodes.Status400BadRequest, e.Message);
            }
        });
        api.MapPost("/orchestrators/{function}", (string function, HttpRequest request) => StartAsync(function, null, request));
        api.MapPost("/orchestrators/{function}/{instanceId}", StartAsync);
        api.MapGet("/instances", ListAsync);
        api.MapDelete("/instances", PurgeAllAsync);
        api.MapGet("/instances/{instanceId}", StatusAsync);
        api.MapDelete("/instances/{instanceId}", PurgeAsync);
        api.MapPost("/instances/{instanceId}/raiseEvent/{eventName}", RaiseAsync);
        api.MapPost("/instances/{instanceId}/terminate", (string instanceId, HttpRequest request) => SteerAsync(instanceId, request, (reason, end) => client.TerminateInstanceAsync(instanceId, (object?)reason, end)));
        api.MapPost("/instances/{instanceId}/suspend", (string instanceId, HttpRequest request) => SteerAsync(instanceId, request, (reason, end) => client.SuspendInstanceAsync(instanceId, reason, end)));
        api.MapPost("/instances/{instanceId}/resume", (string instanceId, HttpRequest request) => SteerAsync(instanceId, request, (reason, end) => client.ResumeInstanceAsync(instanceId, reason, end)));
        api.MapPost("/instances/{instanceId}/restart", RestartAsync);
    }

    private async Task<IResult> StartAsync(string function, string? instanceId, HttpRequest request)
    {
        var input = await ReadJsonAsync(request);
        var id = await client.StartAsync(function, instanceId, input, request.HttpContext.RequestAborted);
        return await CheckStatusAsync(id, request);
    }

    private async Task<IResult> RestartAsync(string instanceId, HttpRequest request)
    {
        try
        {
            var id = await client.RestartAsync(instanceId, Flag(request, "restartWithNewInstanceId") ?? true, request.HttpContext.RequestAborted);
            return await CheckStatusAsync(id, request);
        }
        catch (InvalidOperationException e) when (e is not OrchestrationAlreadyExistsException)
        {
            return Problem(StatusCodes.Status409Conflict, e.Message);
        }
    }

    private async Task<IResult> ListAsync(HttpRequest request, HttpResponse response)
    {
        var size = Whole(request, "top") ?? OrchestrationQuery.DefaultPageSize;
        var query = new OrchestrationQuery(
            CreatedFrom: Time(request, "createdTimeFrom"),
            CreatedTo: Time(request, "createdTimeTo"),
            Statuses: Statuses(request),
            InstanceIdPrefix: request.Query["instanceIdPrefix"],
            PageSize: size,
            FetchInputsAndOutputs: true,
            ContinuationToken: request.Headers[Continuation] is [{ Length: > 0 } token] ? token : null);
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages())
        {
            response.Headers[Continuation] = page.ContinuationToken ?? "";
            return Json(StatusCodes.Status200OK, page.Values.Select(instance => Describe(instance, Flag(request, "showInput") ?? true, null, false)));
        }

        return Json(StatusCodes.Status200OK, Array.Empty<object>());
    }

    private async Task<IResult> StatusAsync(string instanceId, HttpRequest request, HttpResponse response)
    {
        if (await client.ReadHistoryAsync(instanceId, request.HttpContext.RequestAborted) is not { } found)
        {
            return Results.NotFound();
        }

        var (instance, history) = found;
        if (!instance.IsCompleted)
        {
            response.Headers.Location = $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}";
            response.Headers.RetryAfter = "5";
        }

        var status = !instance.IsCompleted ? StatusCodes.Status202Accepted
            : instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed && Flag(request, "returnInternalServerErrorOnFailure") == true ? StatusCodes.Status500InternalServerError
            : StatusCodes.Status200OK;
        return Json(status, Describe(instance, Flag(request, "showInput") ?? true, Flag(request, "showHistory") == true ? history : null, Flag(request, "showHistoryOutput") == true));
    }

    private async Task<IResult> RaiseAsync(string instanceId, string eventName, HttpRequest request)
    {
        if (await client.GetInstanceAsync(instanceId, request.HttpContext.RequestAborted) is not { } instance)
        {
            return Results.NotFound();
        }

        if (instance.IsCompleted)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }

        if (!request.HasJsonContentType())
        {
            return Problem(StatusCodes.Status400BadRequest, "Only application/json request content is supported.");
        }

        return await SteerAsync(instanceId, request, async (_, end) => await client.RaiseAsync(instanceId, eventName, await ReadJsonAsync(request), end));
    }

    private async Task<IResult> SteerAsync(string instanceId, HttpRequest request, Func<string?, CancellationToken, Task> action)
    {
        if (await client.GetInstanceAsync(instanceId, request.HttpContext.RequestAborted) is null)
        {
            return Results.NotFound();
        }

        try
        {
            await action(request.Query["reason"], request.HttpContext.RequestAborted);
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }
        catch (InvalidOperationException)
        {
            return Results.StatusCode(StatusCodes.Status410Gone);
        }
    }

    private async Task<IResult> PurgeAsync(string instanceId, HttpRequest request)
        => await client.GetInstanceAsync(instanceId, request.HttpContext.RequestAborted) is null
            ? Results.NotFound()
            : Json(StatusCodes.Status200OK, new { instancesDeleted = (await client.PurgeInstanceAsync(instanceId, request.HttpContext.RequestAborted)).PurgedInstanceCount });

    private async Task<IResult> PurgeAllAsync(HttpRequest request)
    {
        if (Time(request, "createdTimeFrom") is not { } from)
        {
            return Problem(StatusCodes.Status400BadRequest, "Please provide value for 'createdTimeFrom' parameter.");
        }

        var purged = await client.PurgeAllInstancesAsync(new PurgeInstancesFilter(from, Time(request, "createdTimeTo"), Statuses(request)), request.HttpContext.RequestAborted);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Json(StatusCodes.Status200OK, new { instancesDeleted = purged.PurgedInstanceCount });
    }

    private async Task<IResult> CheckStatusAsync(string instanceId, HttpRequest request)
    {
        if (Seconds(request, "timeout") is { } timeout && Seconds(request, "pollingInterval") is not null)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(request.HttpContext.RequestAborted);
            limit.CancelAfter(timeout);
            try
            {
                var instance = await client.WaitForInstanceCompletionAsync(instanceId, true, limit.Token);
                return instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed
                    ? Results.Text(instance.SerializedOutput ?? "null", "application/json", Encoding.UTF8)
                    : Json(instance.RuntimeStatus == OrchestrationRuntimeStatus.Failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK, Describe(instance, true, null, false));
            }
            catch (OperationCanceledException) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
            {
                // Not done in time: the caller asks for the status later.
            }
        }

        var payload = Microsoft.Azure.Functions.Worker.DurableTaskClientExtensions.CreateHttpManagementPayload(instanceId, $"{request.Scheme}://{request.Host}{LocalDurableTaskClient.Webhook}", client.Query);
        request.HttpContext.Response.Headers.Location = payload.StatusQueryGetUri;
        request.HttpContext.Response.Headers.RetryAfter = "10";
        return Json(StatusCodes.Status202Accepted, payload);
    }

    private static object Describe(OrchestrationMetadata instance, bool showInput, IReadOnlyList<HistoryRecord>? history, bool showOutput)
    {
        var described = new Dictionary<string, object?>
        {
            ["name"] = instance.Name,
            ["instanceId"] = instance.InstanceId,
            ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
            ["input"] = showInput ? Raw(instance.SerializedInput) : null,
            ["customStatus"] = Raw(instance.SerializedCustomStatus),
            ["output"] = instance.FailureDetails is { } failure ? failure.ToString() : Raw(instance.SerializedOutput),
            ["createdTime"] = Text(instance.CreatedAt),
            ["lastUpdatedTime"] = Text(instance.LastUpdatedAt),
        };
        if (history is not null)
        {
            described["historyEvents"] = history.Where(record => record.Kind is not (HistoryKind.TurnStarted or HistoryKind.Delivered)).Select(record => Describe(record, showInput, showOutput)).ToList();
        }

        return described;
    }

    private static Dictionary<string, object?> Describe(HistoryRecord record, bool showInput, bool showOutput)
    {
        var described = new Dictionary<string, object?> { ["EventType"] = record.Kind.ToString(), ["Timestamp"] = Text(record.Time) };
        if (record.Id >= 0)
        {
            described["TaskId"] = record.Id;
        }

        if (record.Name is not null)
        {
            described[record.Kind is HistoryKind.EventRaised or HistoryKind.EventSent ? "Name" : "FunctionName"] = record.Name;
        }

        if (record.Target is not null)
        {
            described["InstanceId"] = record.Target;
        }

        if (record.DueAt is { } due)
        {
            described[record.Kind == HistoryKind.ExecutionStarted ? "ScheduledStartTime" : "FireAt"] = Text(due);
        }

        var isInput = record.Kind is HistoryKind.ExecutionStarted or HistoryKind.TaskScheduled or HistoryKind.SubOrchestrationScheduled or HistoryKind.EventRaised or HistoryKind.EventSent;
        if (record.Payload is not null && (isInput ? showInput : showOutput))
        {
            described[isInput ? "Input" : "Result"] = Raw(record.Payload);
        }

        return described;
    }

    /// <summary>A payload inside the answer's JSON; a custom serializer may have written something else, which then is a text.</summary>
    private static object? Raw(string? payload)
    {
        if (payload is null)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<JsonElement>(payload);
        }
        catch (JsonException)
        {
            return payload;
        }
    }

    private static async Task<string?> ReadJsonAsync(HttpRequest request)
    {
        if (request.ContentLength > MaxBodyBytes)
        {
            throw new ArgumentException($"The body has {request.ContentLength} bytes; at most {MaxBodyBytes} are allowed.");
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        using var parsed = JsonDocument.Parse(text);
        return parsed.RootElement.ValueKind == JsonValueKind.Null ? null : text;
    }

    private static List<OrchestrationRuntimeStatus>? Statuses(HttpRequest request)
    {
        var names = request.Query["runtimeStatus"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        return names.Count == 0 ? null : names.ConvertAll(name => Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status)
            ? status
            : throw new ArgumentException($"runtimeStatus is '{name}'; expected some of {string.Join(", ", Enum.GetNames<OrchestrationRuntimeStatus>())}."));
    }

    private static bool? Flag(HttpRequest request, string name) => bool.TryParse(request.Query[name], out var value) ? value : null;

    private static int? Whole(HttpRequest request, string name) => int.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static TimeSpan? Seconds(HttpRequest request, string name)
        => double.TryParse(request.Query[name], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 3600 ? TimeSpan.FromSeconds(value) : null;

    private static DateTimeOffset? Time(HttpRequest request, string name)
        => request.Query[name].ToString() is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new ArgumentException($"{name} is '{text}'; expected a time such as 2030-01-31T12:00:00Z.");

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static IResult Problem(int status, string message) => Json(status, new { Message = message });

    private static IResult Json(int status, object body) => Results.Json(body, s_json, statusCode: status);
}
