using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Messaging;
using Azure.Messaging.EventGrid;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;
using Mlops.Local.Keys;

namespace Mlops.Local.EventGrid;

/// <summary>Event Grid triggers: the host's webhook, <c>/runtime/webhooks/eventgrid?functionName=…</c>, with its handshakes.</summary>
internal sealed class EventGridTriggers(FunctionCatalog catalog, FunctionInvoker invoker, KeyRing keys, IHostApplicationLifetime lifetime, ILogger<EventGridTriggers> log)
    : IEndpointContributor, IHandTrigger
{
    public const string Path = "/runtime/webhooks/eventgrid";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, PostAsync).WithDisplayName("Event Grid webhook");
        routes.MapMethods(Path, [HttpMethods.Options], Options).WithDisplayName("Event Grid handshake");
    }

    public bool Handles(FunctionDescriptor function) => function.Trigger is EventGridTriggerAttribute;

    public Task RunAsync(FunctionDescriptor function, string input, CancellationToken cancellationToken) =>
        InvokeAsync(function, JsonNode.Parse(input) is JsonArray array ? array.ToList() : [JsonNode.Parse(input)], cancellationToken);

    private IResult Options(HttpRequest request)
    {
        if (!keys.Allows(request, AuthorizationLevel.System, systemKey: EventGridSubscribers.SystemKey))
        {
            return Results.Unauthorized();
        }

        request.HttpContext.Response.Headers["WebHook-Allowed-Origin"] = request.Headers["WebHook-Request-Origin"];
        return Results.Ok();
    }

    private async Task<IResult> PostAsync(HttpRequest request)
    {
        if (!keys.Allows(request, AuthorizationLevel.System, systemKey: EventGridSubscribers.SystemKey))
        {
            return Results.Unauthorized();
        }

        var name = request.Query["functionName"].ToString();
        if (catalog.Find(name) is not { Trigger: EventGridTriggerAttribute } function)
        {
            return Results.NotFound($"cannot find function: '{name}'");
        }

        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        }
        catch (JsonException e)
        {
            return Results.BadRequest($"The body is not JSON: {e.Message}");
        }

        List<JsonNode?> events = body is JsonArray array ? [.. array] : [body];
        switch (request.Headers["aeg-event-type"].ToString())
        {
            case "SubscriptionValidation":
                var code = events.FirstOrDefault()?["data"]?["validationCode"]?.GetValue<string>();
                return Results.Json(new { validationResponse = code });
            case "Unsubscribe":
                return Results.Accepted();
        }

        try
        {
            await InvokeAsync(function, events, lifetime.ApplicationStopping);
            return Results.Accepted();
        }
        catch (Exception e)
        {
            log.EventFunctionFailed(e, function.Name);
            return Results.StatusCode(StatusCodes.Status500InternalServerError);
        }
    }

    private Task InvokeAsync(FunctionDescriptor function, List<JsonNode?> events, CancellationToken cancellationToken)
    {
        var type = function.TriggerParameter.ParameterType;
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (((EventGridTriggerAttribute)function.Trigger).IsBatched)
        {
            var element = type.GetElementType() ?? throw new InvalidOperationException($"Function '{function.Name}': a batched Event Grid trigger is bound to '{type}'; expected an array.");
            var batch = System.Array.CreateInstance(element, events.Count);
            for (var i = 0; i < events.Count; i++)
            {
                batch.SetValue(As(events[i], element), i);
            }

            return invoker.InvokeAsync(function, batch, data, cancellationToken);
        }

        return Task.WhenAll(events.Select(e => invoker.InvokeAsync(function, As(e, type), data, cancellationToken)));
    }

    private static object? As(JsonNode? json, Type type)
    {
        var text = json?.ToJsonString() ?? "null";
        return type == typeof(EventGridEvent) ? EventGridEvent.Parse(BinaryData.FromString(text))
            : type == typeof(CloudEvent) ? CloudEvent.Parse(BinaryData.FromString(text))
            : type == typeof(string) ? text
            : type == typeof(BinaryData) ? BinaryData.FromString(text)
            : JsonSerializer.Deserialize(text, type, JsonSerializerOptions.Web);
    }
}
