using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Mlops.Local.Hosting;

/// <summary>Writes what a function returned to where its output attributes say: on the method for the value itself, on the properties of a returned class for each of them.</summary>
internal sealed class OutputBindings(IEnumerable<IOutputWriter> writers)
{
    private const string ReturnValue = "$return";
    private readonly IReadOnlyList<IOutputWriter> _writers = writers.ToList();

    /// <summary>The outputs of a function, by property name or <c>$return</c>. The HTTP response is not among them.</summary>
    public static IReadOnlyList<(string Name, OutputBindingAttribute Attribute, PropertyInfo? Property)> Of(FunctionDescriptor function)
    {
        var outputs = new List<(string, OutputBindingAttribute, PropertyInfo?)>();
        if (function.Method.GetCustomAttributes<OutputBindingAttribute>().SingleOrDefault() is { } whole)
        {
            outputs.Add((ReturnValue, whole, null));
        }

        var returned = function.Method.ReturnType;
        if (returned.IsGenericType && (returned.GetGenericTypeDefinition() == typeof(Task<>) || returned.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            returned = returned.GetGenericArguments()[0];
        }

        foreach (var property in returned.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttributes<OutputBindingAttribute>().SingleOrDefault() is { } attribute and not HttpResultAttribute)
            {
                outputs.Add((property.Name, attribute, property));
            }
        }

        return outputs;
    }

    /// <summary>Writes the outputs of one invocation, in the order declared.</summary>
    public async Task WriteAsync(FunctionDescriptor function, object? result, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancellationToken)
    {
        if (result is null)
        {
            return;
        }

        foreach (var (name, attribute, property) in Of(function))
        {
            if ((property is null ? result : property.GetValue(result)) is not { } value)
            {
                continue;
            }

            var writer = _writers.FirstOrDefault(w => w.Handles(attribute))
                ?? throw new FunctionWorkerException($"Function '{function.Name}', output '{name}': the embedded host has no writer for {attribute.GetType().Name}.");
            await writer.WriteAsync(attribute, value, bindingData, cancellationToken);
        }
    }
}
