using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The serializer that <see cref="WorkerOptions"/> names, or the worker's default.</summary>
internal static class WorkerSerializer
{
    private static readonly ObjectSerializer s_default = new JsonObjectSerializer(new JsonSerializerOptions { PropertyNameCaseInsensitive = true });

    public static ObjectSerializer Of(FunctionContext context) => Of(context.InstanceServices);

    public static ObjectSerializer Of(IServiceProvider services) => services.GetService<IOptions<WorkerOptions>>()?.Value.Serializer ?? s_default;
}
