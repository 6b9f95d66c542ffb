using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function is an orchestrator. Only on a <see cref="DurableTask.TaskOrchestrationContext"/>; a second parameter without attribute is the input.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The orchestrator's name; the function's name by default.</summary>
    public string? Orchestration { get; set; }
}
