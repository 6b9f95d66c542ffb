using System.Net;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Answers of HTTP functions that start orchestrations.</summary>
public static class DurableTaskClientExtensions
{
    private const string Webhook = "/runtime/webhooks/durabletask";

    /// <summary>202 with the instance's addresses as body and its status address as <c>Location</c>.</summary>
    public static Task<HttpResponseData> CreateCheckStatusResponseAsync(this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default)
        => client.CreateCheckStatusResponseAsync(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <summary>The instance's addresses as body and its status address as <c>Location</c>, with the given status.</summary>
    public static async Task<HttpResponseData> CreateCheckStatusResponseAsync(this DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode, CancellationToken cancellation = default)
    {
        (HttpResponseData response, HttpManagementPayload payload, ObjectSerializer serializer) = Prepare(client, request, instanceId, statusCode);
        await serializer.SerializeAsync(response.Body, payload, typeof(HttpManagementPayload), cancellation);
        return response;
    }

    /// <summary>202 with the instance's addresses as body and its status address as <c>Location</c>. Writes synchronously, which ASP.NET Core integration forbids.</summary>
    public static HttpResponseData CreateCheckStatusResponse(this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default)
        => client.CreateCheckStatusResponse(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <summary>The instance's addresses as body and its status address as <c>Location</c>, with the given status. Writes synchronously, which ASP.NET Core integration forbids.</summary>
    public static HttpResponseData CreateCheckStatusResponse(this DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode, CancellationToken cancellation = default)
    {
        (HttpResponseData response, HttpManagementPayload payload, ObjectSerializer serializer) = Prepare(client, request, instanceId, statusCode);
        serializer.Serialize(response.Body, payload, typeof(HttpManagementPayload), cancellation);
        return response;
    }

    /// <summary>The instance's addresses.</summary>
    /// <param name="client">The client.</param>
    /// <param name="instanceId">The instance.</param>
    /// <param name="request">The request whose address is the base; null takes the host's own.</param>
    /// <exception cref="InvalidOperationException">There is no request and the host's address is not known.</exception>
    public static HttpManagementPayload CreateHttpManagementPayload(this DurableTaskClient client, string instanceId, HttpRequestData? request = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        IManagementEndpoint? endpoint = client as IManagementEndpoint;
        string baseUrl = request is not null
            ? request.Url.GetLeftPart(UriPartial.Authority) + Webhook
            : endpoint?.BaseUrl ?? throw new InvalidOperationException("The management addresses need a base: pass the HTTP request, or ask inside a host that listens on HTTP.");
        return CreateHttpManagementPayload(instanceId, baseUrl, endpoint?.Query);
    }

    internal static HttpManagementPayload CreateHttpManagementPayload(string instanceId, string baseUrl, string? query)
    {
        string instance = $"{baseUrl}/instances/{Uri.EscapeDataString(instanceId)}";
        string plain = string.IsNullOrEmpty(query) ? "" : "?" + query;
        // The doubled braces are what the real extension answers.
        string reason = "?reason={{text}}" + (string.IsNullOrEmpty(query) ? "" : "&" + query);
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = instance + plain,
            SendEventPostUri = instance + "/raiseEvent/{eventName}" + plain,
            TerminatePostUri = instance + "/terminate" + reason,
            SuspendPostUri = instance + "/suspend" + reason,
            ResumePostUri = instance + "/resume" + reason,
            RestartPostUri = instance + "/restart" + plain,
            PurgeHistoryDeleteUri = instance + plain,
        };
    }

    private static (HttpResponseData Response, HttpManagementPayload Payload, ObjectSerializer Serializer) Prepare(DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode status)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        HttpResponseData response = request.CreateResponse();
        response.StatusCode = status;
        HttpManagementPayload payload = client.CreateHttpManagementPayload(instanceId, request);
        response.Headers.Add("Location", payload.StatusQueryGetUri);
        response.Headers.Add("Content-Type", "application/json");
        return (response, payload, WorkerSerializer.Of(response.FunctionContext));
    }
}
