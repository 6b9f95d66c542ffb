using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Local.Hosting;

namespace Mlops.Local.Durable;

/// <summary>The app's orchestrators and activities, found by their triggers and run as the worker runs functions.</summary>
/// <param name="catalog">The app's functions.</param>
/// <param name="services">Gives the invoker when it is first needed: the invoker's binders need the durable client, and that needs this.</param>
/// <param name="converter">Reads inputs.</param>
internal sealed class WorkerDurableFunctions(FunctionCatalog catalog, IServiceProvider services, DataConverter converter) : IDurableFunctions
{
    private readonly Dictionary<string, FunctionDescriptor> _orchestrators = Named<OrchestrationTriggerAttribute>(catalog, trigger => trigger.Orchestration, Check);
    private readonly Dictionary<string, FunctionDescriptor> _activities = Named<ActivityTriggerAttribute>(catalog, trigger => trigger.Activity, _ => { });

    private FunctionInvoker Invoker => services.GetRequiredService<FunctionInvoker>();

    public bool HasAny => _orchestrators.Count > 0;

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, string? input)
    {
        var function = _orchestrators[name];
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = context.InstanceId };
        if (InputOf(function) is { } parameter)
        {
            data[parameter.Name!] = Read(parameter, input);
        }

        return Invoker.InvokeAsync(function, context, data, CancellationToken.None);
    }

    public Task<object?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation)
    {
        var function = _activities[name];
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { ["instanceId"] = instanceId };
        return Invoker.InvokeAsync(function, Read(function.TriggerParameter, input), data, cancellation);
    }

    private static ParameterInfo? InputOf(FunctionDescriptor function) => function.Method.GetParameters().SingleOrDefault(parameter =>
        parameter != function.TriggerParameter && parameter.GetCustomAttribute<BindingAttribute>() is null
        && parameter.ParameterType != typeof(FunctionContext) && parameter.ParameterType != typeof(CancellationToken));

    private object? Read(ParameterInfo parameter, string? input)
        => input is not null ? converter.Deserialize(input, parameter.ParameterType)
        : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType)
        : null;

    private static Dictionary<string, FunctionDescriptor> Named<T>(FunctionCatalog catalog, Func<T, string?> name, Action<FunctionDescriptor> check)
        where T : TriggerBindingAttribute
    {
        var named = new Dictionary<string, FunctionDescriptor>(StringComparer.OrdinalIgnoreCase);
        foreach (var (function, trigger) in catalog.Of<T>())
        {
            check(function);
            if (!named.TryAdd(name(trigger) ?? function.Name, function))
            {
                throw new InvalidOperationException($"Two functions are named '{name(trigger) ?? function.Name}' by their {typeof(T).Name}; names must be unique, compared without case.");
            }
        }

        return named;
    }

    private static void Check(FunctionDescriptor function)
    {
        if (function.TriggerParameter.ParameterType != typeof(TaskOrchestrationContext))
        {
            throw new InvalidOperationException($"Function '{function.Name}' ({function.EntryPoint}): [OrchestrationTrigger] stands on a parameter of type '{function.TriggerParameter.ParameterType}'; it must be '{typeof(TaskOrchestrationContext)}'.");
        }

        var inputs = function.Method.GetParameters().Count(parameter => parameter != function.TriggerParameter && parameter.GetCustomAttribute<BindingAttribute>() is null
            && parameter.ParameterType != typeof(FunctionContext) && parameter.ParameterType != typeof(CancellationToken));
        if (inputs > 1)
        {
            throw new InvalidOperationException($"Function '{function.Name}' ({function.EntryPoint}): found {inputs} parameters besides the context; expected at most one, which is the orchestration's input.");
        }
    }
}
