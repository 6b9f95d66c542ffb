using System.Diagnostics;
using System.Reflection;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Context.Features;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mlops.Local.Hosting;

/// <summary>Runs one invocation: context, middleware, instance from a scope of the app's services, parameters, the method, its outputs.</summary>
/// <remarks>Continuations stay on the caller's synchronization context throughout, because an orchestrator must run wholly on it.</remarks>
internal sealed class FunctionInvoker
{
    // The source that the official worker has.
    private static readonly ActivitySource s_source = new("Microsoft.Azure.Functions.Worker");

    private readonly IServiceScopeFactory _scopes;
    private readonly IReadOnlyList<IParameterBinder> _binders;
    private readonly IReadOnlyList<IInputBinder> _inputs;
    private readonly IReadOnlyList<Type> _converters;
    private readonly OutputBindings _outputs;
    private readonly TimeSpan? _timeout;
    private readonly TimeProvider _time;
    private readonly FunctionExecutionDelegate _pipeline;

    public FunctionInvoker(IServiceScopeFactory scopes, MiddlewarePipeline middleware, IEnumerable<IParameterBinder> binders, IEnumerable<IInputBinder> inputs, OutputBindings outputs, HostJson host, TimeProvider time, IOptions<WorkerOptions> options, IServiceProvider services)
    {
        _scopes = scopes;
        _binders = binders.ToList();
        _inputs = inputs.ToList();
        _converters = options.Value.InputConverters.ToList();
        _outputs = outputs;
        _timeout = host.FunctionTimeout;
        _time = time;
        _pipeline = middleware.Around(ExecuteAsync);
        Serializer = WorkerSerializer.Of(services);
    }

    /// <summary>The app's serializer of bindings.</summary>
    public ObjectSerializer Serializer { get; }

    /// <summary>Invokes a function and gives what it returned.</summary>
    /// <exception cref="FunctionInputConverterException">A parameter could not be bound.</exception>
    /// <remarks>An exception of the function itself comes out as it is.</remarks>
    public Task<object?> InvokeAsync(FunctionDescriptor function, object? triggerValue, IReadOnlyDictionary<string, object?> bindingData, CancellationToken cancellationToken) =>
        InvokeAsync(function, triggerValue, bindingData, prepare: null, cancellationToken);

    /// <summary>As the other overload; <paramref name="prepare"/> may add features and items to the context before the middleware runs.</summary>
    public async Task<object?> InvokeAsync(
        FunctionDescriptor function, object? triggerValue, IReadOnlyDictionary<string, object?> bindingData, Action<LocalFunctionContext>? prepare, CancellationToken cancellationToken)
    {
        using var timeout = _timeout is { } limit ? new CancellationTokenSource(limit, _time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await using var scope = _scopes.CreateAsyncScope();
        using var activity = Start(function);
        var context = new LocalFunctionContext(function, triggerValue, bindingData, scope.ServiceProvider, either.Token);
        prepare?.Invoke(context);
        try
        {
            await _pipeline(context);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Function '{function.Name}' ran longer than host.json's functionTimeout of {_timeout}. Make it shorter, or raise functionTimeout.", e);
        }
        catch (Exception e)
        {
            activity?.AddException(e).SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }

        var result = ((IInvocationResultFeature)context).Value;
        await _outputs.WriteAsync(function, result, context.BindingContext.BindingData, cancellationToken);
        if (context.Completing is { } completing)
        {
            await completing(result);
        }

        return result;
    }

    // An orchestrator runs again and again from its start: a span for each time would say nothing.
    private static Activity? Start(FunctionDescriptor function) =>
        function.Trigger is OrchestrationTriggerAttribute ? null : s_source.StartActivity($"function {function.Name}", ActivityKind.Server)?.SetTag("faas.name", function.Name).SetTag("faas.trigger", function.TriggerType);

    private async Task ExecuteAsync(FunctionContext context)
    {
        // Middleware may pass on a context of its own; what it overrides counts.
        var local = context.Features.Get<LocalFunctionContext>()!;
        var method = local.Function.Method;
        var instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.InstanceServices, method.DeclaringType!);
        try
        {
            var parameters = method.GetParameters();
            var arguments = new object?[parameters.Length];
            for (var i = 0; i < parameters.Length; i++)
            {
                arguments[i] = await BindAsync(parameters[i], local, context);
            }

            var returned = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            ((IInvocationResultFeature)local).Value = await UnwrapAsync(returned, method.ReturnType);
        }
        finally
        {
            switch (instance)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
    }

    private async Task<object?> BindAsync(ParameterInfo parameter, LocalFunctionContext context, FunctionContext passed)
    {
        try
        {
            if (parameter.Name == context.Function.TriggerParameter.Name)
            {
                return ParameterValue.Convert(context.TriggerValue, parameter.ParameterType, Serializer);
            }

            if (parameter.ParameterType == typeof(FunctionContext))
            {
                return passed;
            }

            foreach (var binder in _binders)
            {
                if (binder.TryBind(parameter, context, out var value))
                {
                    return value;
                }
            }

            if (parameter.GetCustomAttribute<InputBindingAttribute>() is { } input && _inputs.FirstOrDefault(i => i.Handles(input)) is { } reader)
            {
                return await reader.BindAsync(input, parameter, context);
            }

            var named = parameter.GetCustomAttribute<InputConverterAttribute>() ?? parameter.ParameterType.GetCustomAttribute<InputConverterAttribute>();
            foreach (var converter in named is null ? _converters : [named.ConverterType, .. _converters])
            {
                if (await ConvertAsync(converter, parameter, context, passed) is { Status: ConversionStatus.Succeeded } converted)
                {
                    return converted.Value;
                }
            }

            if (TryFind(context.BindingContext.BindingData, parameter.Name!, out var data))
            {
                return ParameterValue.Convert(data, parameter.ParameterType, Serializer);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new FunctionInputConverterException(
                $"Function '{context.Function.Name}', parameter '{parameter.Name}': cannot be bound to '{parameter.ParameterType}': {e.Message}", e);
        }

        return parameter.HasDefaultValue
            ? parameter.DefaultValue
            : throw new FunctionInputConverterException(
                $"Function '{context.Function.Name}', parameter '{parameter.Name}' of type '{parameter.ParameterType}': nothing binds it. "
                + $"Found binding data: {string.Join(", ", context.BindingContext.BindingData.Keys)}; expected one of these names, FunctionContext, CancellationToken or a binding attribute.");
    }

    private static async Task<ConversionResult> ConvertAsync(Type type, ParameterInfo parameter, LocalFunctionContext context, FunctionContext passed)
    {
        var converter = (IInputConverter)ActivatorUtilities.GetServiceOrCreateInstance(context.InstanceServices, type);
        TryFind(context.BindingContext.BindingData, parameter.Name!, out var source);
        var result = await converter.ConvertAsync(new LocalConverterContext(parameter.ParameterType, source, passed));
        return result.Status == ConversionStatus.Failed
            ? throw new InvalidOperationException(result.Error?.Message ?? "the converter failed", result.Error)
            : result;
    }

    private static bool TryFind(IReadOnlyDictionary<string, object?> data, string name, out object? value)
    {
        if (data.TryGetValue(name, out value))
        {
            return true;
        }

        foreach (var (key, candidate) in data)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
            {
                value = candidate;
                return true;
            }
        }

        return false;
    }

    private static async Task<object?> UnwrapAsync(object? returned, Type declared)
    {
        switch (returned)
        {
            case ValueTask task:
                await task;
                return null;
            case Task task:
                await task;
                break;
            case not null when declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(ValueTask<>):
                var asTask = (Task)declared.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(returned, null)!;
                await asTask;
                return asTask.GetType().GetProperty(nameof(Task<int>.Result))!.GetValue(asTask);
            default:
                return returned;
        }

        // What is declared decides: an async Task method really returns a Task<VoidTaskResult>.
        return declared.IsGenericType ? returned.GetType().GetProperty(nameof(Task<int>.Result))!.GetValue(returned) : null;
    }

    private sealed class LocalConverterContext(Type targetType, object? source, FunctionContext context) : ConverterContext
    {
        public override Type TargetType { get; } = targetType;

        public override object? Source { get; } = source;

        public override FunctionContext FunctionContext { get; } = context;

        public override IReadOnlyDictionary<string, object> Properties { get; } = new Dictionary<string, object>();
    }
}
