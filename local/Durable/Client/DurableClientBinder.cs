using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Local.Hosting;

namespace Mlops.Local.Durable.Client;

/// <summary>Binds <c>[DurableClient] DurableTaskClient</c>.</summary>
internal sealed class DurableClientBinder(DurableTaskClient client) : IParameterBinder
{
    public bool TryBind(ParameterInfo parameter, FunctionContext context, out object? value)
    {
        value = null;
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is not { } attribute)
        {
            return false;
        }

        if (parameter.ParameterType != typeof(DurableTaskClient))
        {
            throw new InvalidOperationException($"[DurableClient] stands on a parameter of type '{parameter.ParameterType}'; it must be exactly '{typeof(DurableTaskClient)}'.");
        }

        if (attribute.TaskHub is { } hub && !string.Equals(hub, client.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"[DurableClient] asks for the task hub '{hub}'; the embedded host runs '{client.Name}' only.");
        }

        value = client;
        return true;
    }
}
