using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;
using Mlops.Local.Keys;

namespace Mlops.Local.EventGrid;

/// <summary>The publish endpoints of custom topics, with the real service's contract: <c>POST /topics/{topic}/api/events</c>.</summary>
internal sealed class TopicEndpoints(LocalOptions options, EventBroker broker, KeyRing keys, TimeProvider time, ILogger<TopicEndpoints> log) : IEndpointContributor
{
    public static string Path(string topic) => $"/topics/{topic}/api/events";

    /// <summary>Resource id of a topic, as events in the Event Grid schema carry it.</summary>
    public static string ResourceId(string topic) => $"/subscriptions/local/resourceGroups/local/providers/Microsoft.EventGrid/topics/{topic}";

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/topics/{topic}/api/events", PublishAsync).WithDisplayName("Event Grid publish");

    private async Task<IResult> PublishAsync(string topic, HttpRequest request)
    {
        try
        {
            var known = options.EventGrid.Topics.FirstOrDefault(t => string.Equals(t.Name, topic, StringComparison.OrdinalIgnoreCase))
                ?? throw new PublishException(StatusCodes.Status404NotFound, "NotFound", $"There is no topic '{topic}'; found: {string.Join(", ", options.EventGrid.Topics.Select(t => t.Name))}.");
            TopicAuthentication.Check(request, Path(known.Name), keys.Topic(known.Name), time.GetUtcNow());
            var events = await PublishRequest.ReadAsync(request, ResourceId(known.Name), request.HttpContext.RequestAborted);
            await broker.AcceptAsync(known.Name, events);
            log.EventsAccepted(known.Name, events.Count);
            return Results.Ok();
        }
        catch (PublishException e)
        {
            return Results.Json(new { error = new { code = e.Code, message = e.Message, details = new[] { new { code = e.Code, message = e.Message } } } }, statusCode: e.Status);
        }
    }
}
