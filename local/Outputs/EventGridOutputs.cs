using System.Text.Json;
using Azure;
using Azure.Identity;
using Azure.Messaging;
using Azure.Messaging.EventGrid;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Mlops.Local.Hosting;

namespace Mlops.Local.Outputs;

/// <summary>Event Grid outputs: each element is published to the topic whose address and key the settings hold.</summary>
internal sealed class EventGridOutputs(AppSettings settings, IServiceProvider services) : IOutputWriter
{
    public bool Handles(OutputBindingAttribute attribute) => attribute is EventGridOutputAttribute;

    public async Task WriteAsync(OutputBindingAttribute attribute, object value, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancellationToken)
    {
        var client = Client((EventGridOutputAttribute)attribute);
        foreach (var element in OutputContent.Each(value))
        {
            switch (element)
            {
                case EventGridEvent published:
                    await client.SendEventAsync(published, cancellationToken);
                    break;
                case CloudEvent published:
                    await client.SendEventAsync(published, cancellationToken);
                    break;
                default:
                    await SendJsonAsync(client, OutputContent.Of(element, WorkerSerializer.Of(services)), cancellationToken);
                    break;
            }
        }
    }

    private static async Task SendJsonAsync(EventGridPublisherClient client, BinaryData content, CancellationToken cancellationToken)
    {
        using var json = JsonDocument.Parse(content);
        var first = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray().FirstOrDefault() : json.RootElement;
        if (first.ValueKind == JsonValueKind.Object && first.TryGetProperty("specversion", out _))
        {
            await client.SendEventsAsync(CloudEvent.ParseMany(content), cancellationToken);
        }
        else
        {
            await client.SendEventsAsync(EventGridEvent.ParseMany(content), cancellationToken);
        }
    }

    private EventGridPublisherClient Client(EventGridOutputAttribute output)
    {
        var name = output.TopicEndpointUri ?? (output.Connection is { } connection ? connection + "__topicEndpointUri" : null)
            ?? throw new FunctionWorkerException("Event Grid output: expected TopicEndpointUri with TopicKeySetting, or Connection; found neither.");
        var endpoint = new Uri(Setting(name));
        return output.TopicKeySetting is { } key
            ? new EventGridPublisherClient(endpoint, new AzureKeyCredential(Setting(key)))
            : new EventGridPublisherClient(endpoint, new DefaultAzureCredential());
    }

    private string Setting(string name) => settings.Find(name) is { Length: > 0 } value ? value : throw new FunctionWorkerException($"Event Grid output: the setting '{name}' does not exist.");
}
