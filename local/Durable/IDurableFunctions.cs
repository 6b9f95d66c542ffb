using Microsoft.DurableTask;

namespace Mlops.Local.Durable;

/// <summary>The orchestrators and activities of the app.</summary>
internal interface IDurableFunctions
{
    /// <summary>True when there are any orchestrators.</summary>
    bool HasAny { get; }

    /// <summary>True when there is such an orchestrator.</summary>
    bool HasOrchestrator(string name);

    /// <summary>True when there is such an activity.</summary>
    bool HasActivity(string name);

    /// <summary>Runs an orchestrator from its beginning on the caller's synchronization context.</summary>
    Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, string? input);

    /// <summary>Runs an activity and gives its result.</summary>
    Task<object?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation);
}
