using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Mlops.Local.Durable;

namespace Mlops.Local.Tests.Durable;

/// <summary>Orchestrators and activities written as lambdas.</summary>
internal sealed class CodeFunctions(DataConverter converter) : IDurableFunctions
{
    private readonly ConcurrentDictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Func<string?, string, CancellationToken, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);

    public bool HasAny => true;

    public CodeFunctions Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> code)
    {
        _orchestrators[name] = async context => await code(context);
        return this;
    }

    public CodeFunctions Activity<TIn, TOut>(string name, Func<TIn?, TOut> code) => Activity<TIn, TOut>(name, (input, _, _) => Task.FromResult(code(input)));

    public CodeFunctions Activity<TIn, TOut>(string name, Func<TIn?, string, CancellationToken, Task<TOut>> code)
    {
        _activities[name] = async (input, instance, cancellation) => await code(converter.Deserialize<TIn>(input), instance, cancellation);
        return this;
    }

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, string? input) => _orchestrators[name](context);

    public Task<object?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation) => _activities[name](input, instanceId, cancellation);
}
